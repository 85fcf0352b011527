/// The private key of the certificate request that transcripts send: whoever runs them presents the certificate that they
/// are given.
///
/// Everybody knows it: it protects nothing.
public enum ClientKey {
    /// EC P-256, PKCS #8.
    public static let pem = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCmaECcEr571N6ucp
        SFyRMMfoFaiz/DmT5xKnkhcinuuhRANCAATS9C0gzySDwH3zyEe1ps4Tf2Yb6Agv
        M9lx+elwI/Pp3ip+XGU47h6Ev+KELAO5+cK+CL8IR5D11jcYgDqaKaCO
        -----END PRIVATE KEY-----

        """
}
