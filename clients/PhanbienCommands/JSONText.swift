import ReviewClient
import ReviewProtocol

/// A JSON value (RFC 8259), as much of it as is written here.
enum JSONText {
    case string(String)
    case number(Int64)
    case list([JSONText])
    case object([(String, JSONText)])

    /// The value on one line.
    ///
    /// Controls and invisible characters are escaped, so that it is safe on a screen, too.
    var text: String {
        var output = ""
        write(into: &output)
        return output
    }

    private func write(into output: inout String) {
        switch self {
        case .string(let value): Self.write(value, into: &output)
        case .number(let value): output += String(value)
        case .list(let values):
            output += "["
            for (index, value) in values.enumerated() {
                if index > 0 { output += "," }
                value.write(into: &output)
            }
            output += "]"
        case .object(let members):
            output += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { output += "," }
                Self.write(member.0, into: &output)
                output += ":"
                member.1.write(into: &output)
            }
            output += "}"
        }
    }

    private static func write(_ value: String, into output: inout String) {
        var scalars = String.UnicodeScalarView()
        scalars.append("\"")
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                scalars.append("\\")
                scalars.append(scalar)
            case "\n": scalars.append(contentsOf: "\\n".unicodeScalars)
            case "\r": scalars.append(contentsOf: "\\r".unicodeScalars)
            case "\t": scalars.append(contentsOf: "\\t".unicodeScalars)
            default:
                if isEscaped(scalar) {
                    for unit in String(scalar).utf16 { scalars.append(contentsOf: escape(unit).unicodeScalars) }
                } else {
                    scalars.append(scalar)
                }
            }
        }
        scalars.append("\"")
        output.unicodeScalars.append(contentsOf: scalars)
    }

    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 { return true }
        if scalar.value < 0x7F { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return true
        default: return false
        }
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }

    /// An object of pairs; a key that comes twice is written once, with a list.
    ///
    /// A pair of the server whose key is one of our own names stands behind an underline: nothing of it is lost.
    static func object(_ pairs: [Pair], before first: [(String, JSONText)] = []) -> JSONText {
        var members = first
        var keys: Set<String> = []
        for pair in pairs where keys.insert(pair.key).inserted {
            let values = pairs.filter { $0.key == pair.key }.map { JSONText.string($0.value) }
            let name = first.contains { $0.0 == pair.key } ? "_" + pair.key : pair.key
            members.append((name, values.count == 1 ? values[0] : .list(values)))
        }
        return .object(members)
    }
}

extension JSONText {
    /// An object with one more member.
    func adding(_ name: String, _ value: JSONText) -> JSONText {
        if case .object(let members) = self { .object(members + [(name, value)]) } else { self }
    }
}

extension Reply {
    /// The whole reply as one JSON value, for `--json`; a text that belongs to a row is that row's `body`.
    var json: JSONText {
        var members: [(String, JSONText)] = []
        var rows: [JSONText] = []
        for item in items {
            let text = item.text.map { JSONText.string(String(decoding: $0, as: UTF8.self)) }
            if let row = item.row {
                let body = text.map { [("body", $0)] } ?? []
                rows.append(.object(row.pairs, before: [("row", .string(row.word))] + body))
            } else if let text {
                members.append(("text", text))
            }
        }
        members.insert(("rows", .list(rows)), at: 0)
        var first: [(String, JSONText)]
        switch status.outcome {
        case .ok: first = [("outcome", .string("OK"))]
        case .no(let code): first = [("outcome", .string("NO")), ("code", .string(code))]
        case .bad(let code): first = [("outcome", .string("BAD")), ("code", .string(code))]
        }
        if let human = status.human { first.append(("human", .string(human))) }
        members.append(("status", .object(status.pairs, before: first)))
        return .object(members)
    }
}

extension EventLine {
    /// The event as one JSON value, with the names of a row of LOG.
    var json: JSONText {
        .object(
            pairs,
            before: [
                ("seq", .number(sequence)), ("prev", .number(previous)), ("time", .string(time)),
                ("type", .string(type)),
            ])
    }
}
