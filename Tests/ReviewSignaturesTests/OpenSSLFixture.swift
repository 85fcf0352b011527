/// What OpenSSL's command made, so that the tests need neither it nor its cost.
enum OpenSSLFixture {
    /// 2026-11-30, when the certificates were issued.
    static let now: Int64 = 1_796_032_000
    static let content = Array("Tờ trình số 12\n".utf8)
    static let passphrase = Array("mật khẩu".utf8)

    /// The authority of the people below, `/CN=fixture`, valid from `now` for a hundred years.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBjjCCATSgAwIBAgIUBCBVSC6NdVJGnR/Jo+5kEisW5IAwCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHZml4dHVyZTAgFw0yNjExMzAwOTQ1MjdaGA8yMTI2MTEwNjA5
        NDUyN1owEjEQMA4GA1UEAwwHZml4dHVyZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
        A0IABOEZjlwERQmnyfdLOkdqwaZByVeR+60+/JTN190A2ixX+OyNJmlpNj6qpyNr
        MsdmMV64el5wwTcH/gTXWCetr6qjZjBkMBIGA1UdEwEB/wQIMAYBAf8CAQAwDgYD
        VR0PAQH/BAQDAgEGMB0GA1UdDgQWBBSAVwvP1u7NJDxDxXvsFpHcVvp3rjAfBgNV
        HSMEGDAWgBSAVwvP1u7NJDxDxXvsFpHcVvp3rjAKBggqhkjOPQQDAgNIADBFAiEA
        999bWu1bdNsrnov/TU9Y+ZAhdXAT1xIaFBXDGdsX7FYCIHVpBR6VYinFFzHAo/SW
        9tbAoTsgyUKvrclKvInDPqOS
        -----END CERTIFICATE-----

        """

    /// The key of "minh": `openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 2048`.
    static let lockedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjVPcSIpV8ZPwICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEELPilBkDrsgTloO8UiSlDN8EgZB5
        10oI+eUQpxNgKYoG1FKF6h0B/9YaHNUYv4ojNmageEqUJB79/6YQzU2ayTZMYQTz
        g/8+um3iws9DgdlVILZrd5oIsU6LueCE6yMaFFEE4UMppwEpv2Ro8x7PSzGHTt9L
        hzNQAd1WmK0yYfFVrujwAeXW08NyTxwDregCEHLgU/cCmgpi2/cZyxoGUUqxYBU=
        -----END ENCRYPTED PRIVATE KEY-----

        """

    /// The same key in the form before PKCS #8: `openssl ec -aes128`.
    static let oldLockedKey = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,952D0D3A30EF3EF5F02F159E252CDF07

        CFzpuYsr0jbGSWGCsks7t90D0j5eopjsyhTHRerBKFQM65gH4fVz+TmmqBBJ2G5k
        e6x19nN3kCX6c77YrhY2Xa5Blt0vo9YWgvCEr09YfRRfp1VhUb7mXbWiuP4jzV1n
        SzRWksK++4TBxfdi9PriQnl18+MVfStKoaTj4pQZFaE=
        -----END EC PRIVATE KEY-----

        """

    /// The certificate of "minh".
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUigAwIBAgIUWdNWbbzYsvNthZThCCkXKEDZsmowCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHZml4dHVyZTAeFw0yNjExMzAwOTQ1MjdaFw0zNjExMjcwOTQ1
        MjdaMA8xDTALBgNVBAMMBG1pbmgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASO
        5SSE7C26I/QU4qDolZKUDSHAo8/0B6aOjKUw3aPvZKnwCZSVVi6BDXK6uOmUfw0n
        vAbI9ILSRUEclsPd/UUuo38wfTAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIG
        wDAdBgNVHSUEFjAUBggrBgEFBQcDAgYIKwYBBQUHAwQwHQYDVR0OBBYEFAbRup65
        67tSJIjAS+ySJdmC1aRnMB8GA1UdIwQYMBaAFIBXC8/W7s0kPEPFe+wWkdxW+neu
        MAoGCCqGSM49BAMCA0kAMEYCIQCIq2/v6ZCMQtxerkh63eW61EUe/XdY/z/6FecE
        lQvRqQIhAN1j6y+ECqbnrQhs+g/5WOZVSfYNMTTi28aFotGKnHma
        -----END CERTIFICATE-----

        """

    /// Of "minh" over `content`, with SHA-384: `openssl cms -sign -binary -outform PEM`, as the others.
    static let signature = """
        -----BEGIN CMS-----
        MIIC8QYJKoZIhvcNAQcCoIIC4jCCAt4CAQExDTALBglghkgBZQMEAgIwCwYJKoZI
        hvcNAQcBoIIBpzCCAaMwggFIoAMCAQICFFnTVm282LLzbYWU4QgpFyhA2bJqMAoG
        CCqGSM49BAMCMBIxEDAOBgNVBAMMB2ZpeHR1cmUwHhcNMjYxMTMwMDk0NTI3WhcN
        MzYxMTI3MDk0NTI3WjAPMQ0wCwYDVQQDDARtaW5oMFkwEwYHKoZIzj0CAQYIKoZI
        zj0DAQcDQgAEjuUkhOwtuiP0FOKg6JWSlA0hwKPP9AemjoylMN2j72Sp8AmUlVYu
        gQ1yurjplH8NJ7wGyPSC0kVBHJbD3f1FLqN/MH0wDAYDVR0TAQH/BAIwADAOBgNV
        HQ8BAf8EBAMCBsAwHQYDVR0lBBYwFAYIKwYBBQUHAwIGCCsGAQUFBwMEMB0GA1Ud
        DgQWBBQG0bqeueu7UiSIwEvskiXZgtWkZzAfBgNVHSMEGDAWgBSAVwvP1u7NJDxD
        xXvsFpHcVvp3rjAKBggqhkjOPQQDAgNJADBGAiEAiKtv7+mQjELcXq5Iet3lutRF
        Hv13WP8/+hXnBJUL0akCIQDdY+svhAqm560IbPoP+VjmVUn2DTE04tvGhaLRipx5
        mjGCARAwggEMAgEBMCowEjEQMA4GA1UEAwwHZml4dHVyZQIUWdNWbbzYsvNthZTh
        CCkXKEDZsmowCwYJYIZIAWUDBAICoHkwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEH
        ATAcBgkqhkiG9w0BCQUxDxcNMjYxMTMwMDk0NTI3WjA/BgkqhkiG9w0BCQQxMgQw
        BLGqSQmOts8FCRZOOVbIuNaTUfEf+mG+RamOQGkQ3cEa1xC0g/uehFO+UjgSCRcP
        MAoGCCqGSM49BAMDBEcwRQIgH/5yob/GIlT1jesVbPL8kpciyHMEsAz2fOoTP9g/
        fEACIQCqRWJ7MV17Rqtz1TL2gXf0W8CYLHRjw4z49UntdlEERQ==
        -----END CMS-----

        """

    /// Of "minh" and another one.
    static let signatureOfTwo = """
        -----BEGIN CMS-----
        MIIFhQYJKoZIhvcNAQcCoIIFdjCCBXICAQExDTALBglghkgBZQMEAgEwCwYJKoZI
        hvcNAQcBoIIDTTCCAaIwggFHoAMCAQICFD0WFNg5Tmn+Xejyjt5HYy58jhU0MAoG
        CCqGSM49BAMCMBIxEDAOBgNVBAMMB2ZpeHR1cmUwHhcNMjYxMTMwMDk0NTI3WhcN
        MzYxMTI3MDk0NTI3WjAOMQwwCgYDVQQDDANsYW4wWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQrbIaFkyQ8tBEKG49UKU5nKhZA5lBCbsDDdvk0K3zcsTtH+vXFG5/B
        n1iCcizbfSeFPI7LXss258XUQ5+Uptl8o38wfTAMBgNVHRMBAf8EAjAAMA4GA1Ud
        DwEB/wQEAwIGwDAdBgNVHSUEFjAUBggrBgEFBQcDAgYIKwYBBQUHAwQwHQYDVR0O
        BBYEFDa/51+vGYhprf2eBYrNlp3PVUyBMB8GA1UdIwQYMBaAFIBXC8/W7s0kPEPF
        e+wWkdxW+neuMAoGCCqGSM49BAMCA0kAMEYCIQC888MYup+dciBAX+vez7RIWHjr
        1bmEr8NMyBX96eVY2QIhANdDMc4k1Qi5lDkQvt5asm04IqfEwCGX7qVucgC3TR6j
        MIIBozCCAUigAwIBAgIUWdNWbbzYsvNthZThCCkXKEDZsmowCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHZml4dHVyZTAeFw0yNjExMzAwOTQ1MjdaFw0zNjExMjcwOTQ1
        MjdaMA8xDTALBgNVBAMMBG1pbmgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASO
        5SSE7C26I/QU4qDolZKUDSHAo8/0B6aOjKUw3aPvZKnwCZSVVi6BDXK6uOmUfw0n
        vAbI9ILSRUEclsPd/UUuo38wfTAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIG
        wDAdBgNVHSUEFjAUBggrBgEFBQcDAgYIKwYBBQUHAwQwHQYDVR0OBBYEFAbRup65
        67tSJIjAS+ySJdmC1aRnMB8GA1UdIwQYMBaAFIBXC8/W7s0kPEPFe+wWkdxW+neu
        MAoGCCqGSM49BAMCA0kAMEYCIQCIq2/v6ZCMQtxerkh63eW61EUe/XdY/z/6FecE
        lQvRqQIhAN1j6y+ECqbnrQhs+g/5WOZVSfYNMTTi28aFotGKnHmaMYIB/jCB/AIB
        ATAqMBIxEDAOBgNVBAMMB2ZpeHR1cmUCFD0WFNg5Tmn+Xejyjt5HYy58jhU0MAsG
        CWCGSAFlAwQCAaBpMBgGCSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcN
        AQkFMQ8XDTI2MTEzMDA5NDUyN1owLwYJKoZIhvcNAQkEMSIEIPmQDXdKu1lVFCDN
        pTgEUoSRndb5kBeVdMQHigCPphWKMAoGCCqGSM49BAMCBEcwRQIhAJRyT/QpxKoW
        ZWT1R+1mztscyTIXTakHyo1diF7ATIk3AiAWkDnUkETikDpZ6przYV1e/4jgF4MA
        OsmtdBCRMACb6jCB/AIBATAqMBIxEDAOBgNVBAMMB2ZpeHR1cmUCFFnTVm282LLz
        bYWU4QgpFyhA2bJqMAsGCWCGSAFlAwQCAaBpMBgGCSqGSIb3DQEJAzELBgkqhkiG
        9w0BBwEwHAYJKoZIhvcNAQkFMQ8XDTI2MTEzMDA5NDUyN1owLwYJKoZIhvcNAQkE
        MSIEIPmQDXdKu1lVFCDNpTgEUoSRndb5kBeVdMQHigCPphWKMAoGCCqGSM49BAMC
        BEcwRQIhAJ15f0fYX+b8+l6Njbu+vM2C3PbCzlhZXcd2Ta1qaVLjAiAFG0Reu8xU
        MJtS/oB5b675djrHAae+WFOvZ2nTSoI9hw==
        -----END CMS-----

        """

    /// With the content in it: `-nodetach`.
    static let signatureWithContent = """
        -----BEGIN CMS-----
        MIIC9gYJKoZIhvcNAQcCoIIC5zCCAuMCAQExDTALBglghkgBZQMEAgEwIwYJKoZI
        hvcNAQcBoBYEFFThu50gdHLDrG5oIHPhu5EgMTIKoIIBpzCCAaMwggFIoAMCAQIC
        FFnTVm282LLzbYWU4QgpFyhA2bJqMAoGCCqGSM49BAMCMBIxEDAOBgNVBAMMB2Zp
        eHR1cmUwHhcNMjYxMTMwMDk0NTI3WhcNMzYxMTI3MDk0NTI3WjAPMQ0wCwYDVQQD
        DARtaW5oMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjuUkhOwtuiP0FOKg6JWS
        lA0hwKPP9AemjoylMN2j72Sp8AmUlVYugQ1yurjplH8NJ7wGyPSC0kVBHJbD3f1F
        LqN/MH0wDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCBsAwHQYDVR0lBBYwFAYI
        KwYBBQUHAwIGCCsGAQUFBwMEMB0GA1UdDgQWBBQG0bqeueu7UiSIwEvskiXZgtWk
        ZzAfBgNVHSMEGDAWgBSAVwvP1u7NJDxDxXvsFpHcVvp3rjAKBggqhkjOPQQDAgNJ
        ADBGAiEAiKtv7+mQjELcXq5Iet3lutRFHv13WP8/+hXnBJUL0akCIQDdY+svhAqm
        560IbPoP+VjmVUn2DTE04tvGhaLRipx5mjGB/jCB+wIBATAqMBIxEDAOBgNVBAMM
        B2ZpeHR1cmUCFFnTVm282LLzbYWU4QgpFyhA2bJqMAsGCWCGSAFlAwQCAaBpMBgG
        CSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcNAQkFMQ8XDTI2MTEzMDA5
        NDUyN1owLwYJKoZIhvcNAQkEMSIEIPmQDXdKu1lVFCDNpTgEUoSRndb5kBeVdMQH
        igCPphWKMAoGCCqGSM49BAMCBEYwRAIgAVD9swQDU53BEsTSGQLM8uRUYkI7NBTt
        tl4sEqPI1TwCIHYW3ZYl886CpIxDkzUFuuO67CQBS7sAwdlMIkMO3zUB
        -----END CMS-----

        """

    /// Without the certificate: `-nocerts`.
    static let signatureWithoutCertificate = """
        -----BEGIN CMS-----
        MIIBNAYJKoZIhvcNAQcCoIIBJTCCASECAQExDTALBglghkgBZQMEAgEwCwYJKoZI
        hvcNAQcBMYH/MIH8AgEBMCowEjEQMA4GA1UEAwwHZml4dHVyZQIUWdNWbbzYsvNt
        hZThCCkXKEDZsmowCwYJYIZIAWUDBAIBoGkwGAYJKoZIhvcNAQkDMQsGCSqGSIb3
        DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTMwMDk0NTI3WjAvBgkqhkiG9w0BCQQx
        IgQg+ZANd0q7WVUUIM2lOARShJGd1vmQF5V0xAeKAI+mFYowCgYIKoZIzj0EAwIE
        RzBFAiA02zCKBRT6EQW/G76B7Hbv0fIBngkimNLhGc2nM/eNRwIhAO0Zn1UO+WWD
        BQpzUKjE6rMIW9aAkphHCBC/VE8VfI8T
        -----END CMS-----

        """

    /// With SHA-1: `-md sha1`.
    static let signatureWithSHA1 = """
        -----BEGIN CMS-----
        MIICygYJKoZIhvcNAQcCoIICuzCCArcCAQExCTAHBgUrDgMCGjALBgkqhkiG9w0B
        BwGgggGnMIIBozCCAUigAwIBAgIUWdNWbbzYsvNthZThCCkXKEDZsmowCgYIKoZI
        zj0EAwIwEjEQMA4GA1UEAwwHZml4dHVyZTAeFw0yNjExMzAwOTQ1MjdaFw0zNjEx
        MjcwOTQ1MjdaMA8xDTALBgNVBAMMBG1pbmgwWTATBgcqhkjOPQIBBggqhkjOPQMB
        BwNCAASO5SSE7C26I/QU4qDolZKUDSHAo8/0B6aOjKUw3aPvZKnwCZSVVi6BDXK6
        uOmUfw0nvAbI9ILSRUEclsPd/UUuo38wfTAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB
        /wQEAwIGwDAdBgNVHSUEFjAUBggrBgEFBQcDAgYIKwYBBQUHAwQwHQYDVR0OBBYE
        FAbRup6567tSJIjAS+ySJdmC1aRnMB8GA1UdIwQYMBaAFIBXC8/W7s0kPEPFe+wW
        kdxW+neuMAoGCCqGSM49BAMCA0kAMEYCIQCIq2/v6ZCMQtxerkh63eW61EUe/XdY
        /z/6FecElQvRqQIhAN1j6y+ECqbnrQhs+g/5WOZVSfYNMTTi28aFotGKnHmaMYHu
        MIHrAgEBMCowEjEQMA4GA1UEAwwHZml4dHVyZQIUWdNWbbzYsvNthZThCCkXKEDZ
        smowBwYFKw4DAhqgXTAYBgkqhkiG9w0BCQMxCwYJKoZIhvcNAQcBMBwGCSqGSIb3
        DQEJBTEPFw0yNjExMzAwOTQ1MjdaMCMGCSqGSIb3DQEJBDEWBBRQyZWIGWvC7YKZ
        vzxspY9d4153+TAJBgcqhkjOPQQBBEcwRQIhAM8MzaBozG4TylQQSaj9FQOpgllL
        Yw2A0+w65VZv+C/DAiA1muJ5cCaiTVMt8R+fueOKMmmGbGVgFqY+lanZj/58Lw==
        -----END CMS-----

        """

    /// By a certificate of the same authority that is meant for TLS alone.
    static let signatureByTLSCertificate = """
        -----BEGIN CMS-----
        MIIC0gYJKoZIhvcNAQcCoIICwzCCAr8CAQExDTALBglghkgBZQMEAgEwCwYJKoZI
        hvcNAQcBoIIBmjCCAZYwggE9oAMCAQICFHU0IwpXXREZ6xmtWHc4CxUgoVheMAoG
        CCqGSM49BAMCMBIxEDAOBgNVBAMMB2ZpeHR1cmUwHhcNMjYxMTMwMDk0NTI3WhcN
        MzYxMTI3MDk0NTI3WjAOMQwwCgYDVQQDDANsYW4wWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQrbIaFkyQ8tBEKG49UKU5nKhZA5lBCbsDDdvk0K3zcsTtH+vXFG5/B
        n1iCcizbfSeFPI7LXss258XUQ5+Uptl8o3UwczAMBgNVHRMBAf8EAjAAMA4GA1Ud
        DwEB/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQUNr/nX68Z
        iGmt/Z4Fis2Wnc9VTIEwHwYDVR0jBBgwFoAUgFcLz9buzSQ8Q8V77BaR3Fb6d64w
        CgYIKoZIzj0EAwIDRwAwRAIgaeKQzb2vYl4YHTBl0MUFVkumc8CwBbqSSWk1YaCx
        LsgCIA6VhAwvqA9iRdyc6o5aEAT3tMD70qX0sV7z96NLLk2sMYH/MIH8AgEBMCow
        EjEQMA4GA1UEAwwHZml4dHVyZQIUdTQjClddERnrGa1YdzgLFSChWF4wCwYJYIZI
        AWUDBAIBoGkwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUx
        DxcNMjYxMTMwMDk0NTI3WjAvBgkqhkiG9w0BCQQxIgQg+ZANd0q7WVUUIM2lOARS
        hJGd1vmQF5V0xAeKAI+mFYowCgYIKoZIzj0EAwIERzBFAiAKxzzNAlhyrtw9VmcX
        8c9pi7hffRs9OQ/DGBAguum2+gIhAPdnV1bSk03dYvshEVxJZsTMWXaOWhhUlvsm
        RvPEThP9
        -----END CMS-----

        """

    /// `openssl req -new` for a key of `openssl genrsa 1024`.
    static let requestRSA1024 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIIBSzCBtQIBADAMMQowCAYDVQQDDAF4MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB
        iQKBgQCcpjyRKkwnxaWxPtmGRQXiPJb4McR4+UP9U9jUrCiGDt/Le5VNLSd37Sf6
        t/jnN5h9C6BVXTLOq2+BdMw/52pDMJSfvO2pnKgSaic6MTBVi7Kbyv7QMk9c6P/m
        BCTB6K7nO4eoIbjlw65Msn8To9InQzCfqls61FH0nEV+49LS4QIDAQABoAAwDQYJ
        KoZIhvcNAQELBQADgYEAIqEMsDaRpg9NNccWL39qYqHKw+eceR2eqIkEiTCr2bUE
        xpxLjkXekXJoxxXneRfk/K3hLZj97aa26V/SwJ8GjCPOP2odVNsW0z8HD9yJDTLl
        U2+DVt0zt2TBM6x7tud/p8p2c7REmwJt96FOEuLvASOqGO/qxPJ7GbnPvXIo8oo=
        -----END CERTIFICATE REQUEST-----

        """

    /// Of `openssl genrsa 2048`.
    static let requestRSA2048 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIICUTCCATkCAQAwDDEKMAgGA1UEAwwBeDCCASIwDQYJKoZIhvcNAQEBBQADggEP
        ADCCAQoCggEBAMNa++RRjf+rfwYY5ge78A0tMgMLPn8bTg+jFsJsTJY7FbuR97N7
        bKz7LJAuUdzD5sgoqZWweeGnScqB47jRvq7nnduWLSkEdkl4LLe5JWbXDLrX0GWV
        5pi4Tg/B6N5hOcMBjpm9BTBozFzxt3XvVM0nShr1L3MCD4X+BuQuG9jc3J+icb5g
        eWTkAi7hih1Hqp6dEPrkNm1uojlWEu+t6nacTFeVA6VxRmNxMkE+NzY2MccF6tC1
        CoRd8bOZ7gmHNjQ0VLYZshiPGZELyUGUa8se7elkCJXl3Jnr++wZKZO/aSXhXh55
        N+1D2J564Q+sSYzNwo6FD2UJYdrCUqKX8xUCAwEAAaAAMA0GCSqGSIb3DQEBCwUA
        A4IBAQBrSpcaAZCiqS3r6WdH7v4P6RC4+kBP0flDoiXLxtNf7TBS6cx7/6cmLfaz
        SfFRjkdKc647zRey+T8ZgHlmG2mgR5qTNoAz7UetoM1Rbdt1lva0ScaUolv65hd7
        SjmPWEEVHAsTRjH2vwnZQOFYMdlHLYW5QIunLVbbCBuew/UoNZHTlRsHR9875TAQ
        aNZN4kGFivdUhrVRgUTA+nqs91W1qc4bngjt06bE0VmXGpTRZ4pT4E08PkIj/oRk
        hmHa7wftzRJRd0mox5kNKSrg86m0sQCeA3u34whTlZVXRInSrvdvxWfqR7WPAHKk
        m/zNdU9hCT7PY2Iwj1zrIosqVwGw
        -----END CERTIFICATE REQUEST-----

        """

    /// Of `openssl ecparam -name secp384r1 -genkey`.
    static let requestP384 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIIBBTCBiwIBADAMMQowCAYDVQQDDAF4MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE
        mC/pP+FBsQ9wY7ul7Yiy9D4gRYnqAO5BzmSPz/pDlt6uTpgpL2966I1GhlIZWCCf
        IeM/OtLBi86TM1SdfpEAEQLkvL9ly8rAtOFJrBz8varhwlZViG3iR2U6c82P25OJ
        oAAwCgYIKoZIzj0EAwIDaQAwZgIxAMFbSIriYwUhF2oG14gv/jwyTyhdNMD0nd21
        IY6NAf39uOCQgGcQYDYCp8gvBT/1sQIxANlnUYuKBOeO05THXbXOHH5N5jda4tJM
        Xdgp7BdmUDvxpik0ZDW4YaFdbNLh9J/rRQ==
        -----END CERTIFICATE REQUEST-----

        """

    /// Of `openssl ecparam -name secp521r1 -genkey`.
    static let requestP521 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIIBTzCBsQIBADAMMQowCAYDVQQDDAF4MIGbMBAGByqGSM49AgEGBSuBBAAjA4GG
        AAQBHBDjhD9vBiF64x7IGLpWdXeEubf6gtc2GA969O6cNDnEs/BrZPeBhBOZvxDF
        6mj0eUYqavucIu7BTH6h7lLoHukAOPRRZ6/2qypBK291fOeXKYLBc1Yoz38qJz/f
        LMBPyJet4xckVbOtQ6lRE21JFpFxZheZoi+5zc2f+5/y57GPF7SgADAKBggqhkjO
        PQQDAgOBjAAwgYgCQgEVNP1VpiXSIhsN/PYuvTFtxRk4tH3ROeKkhwdcF7r5LtFb
        K8C3DbvxKZESPY/uFcuwSak6tUsscA3MKBUok5FAHgJCAS0lrsddHzbmwmDDl1lD
        389GUx1UGZ3NkNSFs17OCOoxd2ClRflGjQI3Od1IcaQ0JQ08Z8NbuO8pBzzgR9dd
        DJOC
        -----END CERTIFICATE REQUEST-----

        """

    /// Of `openssl ecparam -name secp256k1 -genkey`.
    static let requestSecp256k1 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIHCMGsCAQAwDDEKMAgGA1UEAwwBeDBWMBAGByqGSM49AgEGBSuBBAAKA0IABEWj
        o7LoucDpkuUmypD+dmfPH9qVydh6pm2pHS7NqNR8pV6m9DUWPnS66Egjssyvpfk3
        QfApC04SsfRl5+sdP8qgADAKBggqhkjOPQQDAgNHADBEAiBA24uJBhkNOU0a4dSL
        Yb2r+6EdXCzn00N9Nmur9i75tgIgAYVZvS5uXI4q4Gw9lm/erHcfbHYsQYGT6jTf
        nfkphiE=
        -----END CERTIFICATE REQUEST-----

        """

    /// Of `openssl ecparam -name prime256v1 -param_enc explicit -genkey`.
    static let requestExplicit = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIIBvTCCAWICAQAwDDEKMAgGA1UEAwwBeDCCAUswggEDBgcqhkjOPQIBMIH3AgEB
        MCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBb
        BCD/////AAAAAQAAAAAAAAAAAAAAAP///////////////AQgWsY12Ko6k+ez671V
        dpiGvGUdBrDMU7D2O848PifSYEsDFQDEnTYIhucEk2pmeOETnSa3gZ9+kARBBGsX
        0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivO
        M1drMV7Oy7ZAaDe/UfUCIQD/////AAAAAP//////////vOb6racXnoTzucrC/GMl
        UQIBAQNCAASFUROEoo3cJZDt5uXCh92D4Dy3Zg2SAswXEUN99M82Yum5fYzUT/to
        0+mHTbLgMR9cxIb+P4aXiRLCJkT/4J+GoAAwCgYIKoZIzj0EAwIDSQAwRgIhAO2H
        0Tn0XfLTBUrlIrvUlATlMhSZ2Mq0fjfFsiky3v48AiEA/9kfeo+2W++lhsCdFKy2
        Nl8V4/ovQrijjix+mnS8GpE=
        -----END CERTIFICATE REQUEST-----

        """

    /// Of `openssl genpkey -algorithm ed25519`.
    static let requestEd25519 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIGLMD8CAQAwDDEKMAgGA1UEAwwBeDAqMAUGAytlcAMhAERP8gv4YfSb0zYbBcCb
        R+k5G6FWoKTkbZ+MkKLHOIVQoAAwBQYDK2VwA0EAcHLE4aQ96qOBjHaFCx7lX0G6
        AZJivmlTdSMemqygL0/ZaztrA8U81S1jgV+/c0MWuj54tzb7LveMkwzAnZL3Cw==
        -----END CERTIFICATE REQUEST-----

        """
}
