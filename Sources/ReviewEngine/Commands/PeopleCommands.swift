import ReviewCore
import ReviewProtocol

extension CommandReader {
    /// PERSON and DELEGATE.
    func people() throws(Refusal) -> Command {
        let person = try word("person") { PersonID($0) }
        switch call.form.name {
        case "PERSON ADD":
            return .addPerson(
                person, name: call.pair("name") ?? "", office: try pair("office") { OfficeID($0) },
                position: try pair("position") { Position(rawValue: $0) }, credential: nil, invitation: nil)
        case "PERSON SET":
            return .changePerson(
                person, name: call.pair("name"), office: try optionalPair("office") { OfficeID($0) },
                position: try optionalPair("position") { Position(rawValue: $0) })
        case "PERSON DISABLE": return .disablePerson(person, reason: octets)
        default:
            return .delegate(
                person, from: try pair("from") { CivilDate($0) }, until: try pair("until") { CivilDate($0) },
                reference: call.pair("ref") ?? "")
        }
    }
}
