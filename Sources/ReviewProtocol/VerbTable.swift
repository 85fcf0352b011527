/// All verbs: one row per form (specification §6).
///
/// No verb begins with B, K, Q or R, because `openssl s_client` without `-quiet` keeps lines that begin with these
/// letters for itself (specification §1.7).
public enum VerbTable {
    /// The rows, in the order of HELP.
    public static let forms: [VerbForm] =
        sessionForms + peopleForms + planForms + readingForms + assignmentForms + textForms + commentForms + reviewForms
        + stepForms + plenaryForms + approvalForms + paperForms + eventForms + administrationForms

    /// The verbs, each once, in the order of HELP.
    public static let verbs: [String] = {
        var verbs: [String] = []
        for form in forms where verbs.last != form.verb && !verbs.contains(form.verb) { verbs.append(form.verb) }
        return verbs
    }()

    private static let byVerb: [String: [VerbForm]] = Dictionary(grouping: forms, by: \.verb)

    /// The forms of a verb (upper case), in the table's order; nil when there is no such verb.
    public static func forms(of verb: String) -> [VerbForm]? {
        byVerb[verb]
    }

    /// What people type who know other systems, or who look for a word that may not be a verb here.
    private static let habits: [(typed: String, verb: String)] = [
        ("QUIT", "LOGOUT"), ("EXIT", "LOGOUT"), ("BYE", "LOGOUT"), ("THOAT", "LOGOUT"), ("REVIEW", "ASSESS"),
        ("REVIEWS", "ASSESSMENTS"), ("REPLY", "ANSWER"), ("RESOLVE", "SETTLE"), ("REJECT", "SENDBACK"),
        ("RETURN", "SENDBACK"), ("RESUME", "UNPOSTPONE"), ("READ", "SHOW"), ("GET", "SHOW"), ("XEM", "SHOW"),
        ("SEARCH", "FIND"), ("NOOP", "PING"), ("GIUP", "HELP"), ("HUONGDAN", "HELP"), ("USER", "LOGIN"),
        ("SUBSCRIBE", "WATCH"), ("VOTE", "OPINION"), ("OBJECT", "OPINION"), ("UPLOAD", "PUSH"), ("COMMIT", "PUSH"),
        ("USERS", "PEOPLE"), ("HISTORY", "LOG"), ("MINUTES", "FORM"), ("EXPORT", "FORM"), ("CLOSE", "PLENARY"),
    ]

    /// The verb that somebody who typed an unknown one may have meant; nil when none is near.
    public static func nearestVerb(to typed: String) -> String? {
        if let habit = habits.first(where: { $0.typed == typed }) { return habit.verb }
        return nearest(to: typed, among: verbs)
    }

    /// The name that differs by one typing mistake, else the only one that begins with what was typed, else the one with
    /// the fewest mistakes if those are few for its length.
    static func nearest(to typed: String, among names: [String]) -> String? {
        let octets = Array(typed.utf8)
        guard (2...32).contains(octets.count) else { return nil }
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = editDistance(octets, Array(name.utf8))
            if distance < best?.distance ?? .max { best = (name, distance) }
        }
        if let best, best.distance <= 1, octets.count > 2 { return best.name }
        let longer = names.filter { $0.utf8.starts(with: octets) }
        if longer.count == 1, octets.count > 2 { return longer[0] }
        guard let best, best.distance <= (octets.count <= 3 ? 1 : octets.count <= 7 ? 2 : 3) else { return nil }
        return best.distance < octets.count - 1 ? best.name : nil
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string
    /// alignment).
    ///
    /// Both words are short: names of the table, and at most 32 octets of a peer.
    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for (row, octet) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var cost = previous[column] + (octet == other ? 0 : 1)
                cost = min(cost, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, octet == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
