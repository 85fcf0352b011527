/// What a form of a verb does, one case for each row of the table; the raw values are the forms' names.
///
/// Whoever acts on a request switches over these without `default`, so no form can be forgotten anywhere.
public enum Act: Sendable, Hashable {
    /// Concerns the connection itself: who is behind it, what it was set to, what it watches.
    case session(Session)
    /// Reads what is stored.
    case query(Query)
    /// Changes what is stored.
    case write(Write)

    /// The verbs of a connection.
    public enum Session: String, CaseIterable, Sendable {
        case login = "LOGIN", authPlain = "AUTH PLAIN", authToken = "AUTH TOKEN", authExternal = "AUTH EXTERNAL"
        case enrol = "ENROL", logout = "LOGOUT", language = "LANG", set = "SET", limits = "LIMITS", ping = "PING"
        case help = "HELP", watch = "WATCH", unwatch = "UNWATCH", acknowledge = "ACK"
    }

    /// The verbs that read.
    public enum Query: String, CaseIterable, Sendable {
        case whoAmI = "WHOAMI", certificates = "CERT LIST", people = "PEOPLE", offices = "OFFICES", plans = "PLANS"
        case showPlan = "PLAN SHOW", checkPlan = "PLAN CHECK", list = "LIST", show = "SHOW", check = "CHECK"
        case toDo = "TODO", log = "LOG", outline = "OUTLINE", difference = "DIFF", comments = "COMMENTS"
        case thread = "THREAD", assessments = "ASSESSMENTS", manifest = "MANIFEST", find = "FIND", form = "FORM"
        case calendar = "CALENDAR", dossier = "DOSSIER", fetch = "FETCH", checkpoint = "CHECKPOINT", proof = "PROOF"
        case status = "STATUS"
    }

    /// The verbs that write.
    public enum Write: String, CaseIterable, Sendable {
        case changePassword = "PASSWD", deleteCertificate = "CERT DELETE", addPerson = "PERSON ADD"
        case changePerson = "PERSON SET", disablePerson = "PERSON DISABLE", invite = "INVITE", delegate = "DELEGATE"
        case loadPlan = "PLAN LOAD", assign = "ASSIGN", unassign = "UNASSIGN", extend = "EXTEND"
        case postpone = "POSTPONE", resume = "UNPOSTPONE", cancel = "CANCEL", push = "PUSH"
        case attach = "ATTACH", comment = "COMMENT"
        case answer = "ANSWER", settle = "SETTLE", agree = "AGREE", maintain = "MAINTAIN", withdraw = "WITHDRAW"
        case assess = "ASSESS", endorse = "ENDORSE", opine = "OPINION", lift = "LIFT", vouch = "VOUCH"
        case checkFormat = "FORMAT", submit = "SUBMIT", sendBack = "SENDBACK", openPlenary = "PLENARY OPEN"
        case closePlenary = "PLENARY CLOSE", attend = "ATTEND", confirm = "CONFIRM", approve = "APPROVE"
        case override = "OVERRIDE", issue = "ISSUE"
    }

    /// The verb with its fixed words: `PLENARY OPEN`.
    var name: String {
        switch self {
        case .session(let act): act.rawValue
        case .query(let act): act.rawValue
        case .write(let act): act.rawValue
        }
    }
}
