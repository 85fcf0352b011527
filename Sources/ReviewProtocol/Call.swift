/// A request that fits a row of the verb table: every required value is there, and each has its lexical form.
///
/// It never changes, and is passed on many times on its way: an object, so that each time counts one reference.
public final class Call: Sendable {
    /// The row.
    public let form: VerbForm
    /// The request as it came.
    public let request: Request
    /// The positional values by name and the pairs by key, in their one spelling.
    private let words: [Pair]
    private let pairs: [Pair]

    fileprivate init(form: VerbForm, request: Request, words: [Pair], pairs: [Pair]) {
        self.form = form
        self.request = request
        self.words = words
        self.pairs = pairs
    }

    /// The tag, without its `#`.
    public var tag: String? { request.tag }

    /// The positional value of a name in the row's pattern.
    ///
    /// Asking for a name that the row does not require is a mistake of ours: it stops a debug build, and yields an
    /// empty value in a release.
    public func word(_ name: String) -> String {
        if let value = optionalWord(name) { return value }
        assertionFailure("\(form.name) requires no word called \(name)")
        return ""
    }

    /// The positional value of a name; nil when it is absent.
    public func optionalWord(_ name: String) -> String? {
        words.first { $0.key == name }?.value
    }

    /// The value of a key; nil when it is absent.
    public func pair(_ key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }

    /// The values of a key that takes a list; empty when it is absent.
    public func list(_ key: String) -> [String] {
        pair(key)?.utf8.split(separator: 0x2C).map { String(Substring($0)) } ?? []
    }

    /// The number of a key whose value is `7` or `@7`; nil when it is absent.
    public func number(_ key: String) -> Int64? {
        guard let value = pair(key) else { return nil }
        return Int64(value.utf8.first == 0x40 ? value.dropFirst() : value[...])
    }

    /// Whether the value of a key is `yes`.
    public func flag(_ key: String) -> Bool { pair(key) == "yes" }

    /// The key under which the effect of a write is kept for retries (specification §4).
    public var key: String? { form.writes ? pair("key") : nil }

    /// Whether a write is only tried (specification §4).
    public var dryRun: Bool { form.writes && flag("dry-run") }

    /// The body as framed.
    public var body: Body? { request.body }

    /// Whether the sender ended the body with `.cancel`.
    public var isCancelled: Bool { request.body == .cancelled }

    /// The body's octets, or nil without a body.
    ///
    /// Those of a text have LF line ends only: a literal may come from a file with CR LF.
    public var octets: [UInt8]? {
        guard let octets = request.body?.octets else { return nil }
        guard form.body.octets == .text, octets.contains(Octet.carriageReturn) else { return octets }
        return octets.filter { $0 != Octet.carriageReturn }
    }

    /// The body as text with LF line ends; nil without a body, and for bodies that are no text.
    public var text: String? {
        guard form.body.octets == .text else { return nil }
        return octets.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension VerbTable {
    /// Compares a request with the table.
    ///
    /// - Throws: `Malformed` with the request's tag: UNKNOWN-VERB, UNKNOWN-ARG, DUP-ARG, MISSING-ARG, SYNTAX of a value,
    ///   BODY-NEEDED, BODY-UNEXPECTED, and UTF8, CONTROL or BIDI of a body that is text.
    public static func call(for request: Request) throws(Malformed) -> Call {
        let form = try form(for: request)
        try checkShape(of: request, form)
        let call = try values(of: request, form)
        for row in form.rows where row.required && call.pair(row.key) == nil {
            throw Malformed(
                code: .missingArgument, tag: request.tag, line: 1, argument: row.key, expected: row.kind.expected)
        }
        try checkBody(of: request, form)
        return call
    }

    /// The row whose fixed words the request has.
    private static func form(for request: Request) throws(Malformed) -> VerbForm {
        guard let forms = forms(of: request.verb), let first = forms.first else {
            throw Malformed(
                code: .unknownVerb, tag: request.tag, line: 1, near: nearestVerb(to: request.verb), found: request.verb)
        }
        if forms.count == 1, first.literalIndex == nil { return first }
        let words = request.words
        for form in forms where form.matches(words) { return form }
        let literals = forms.compactMap(\.literal)
        let expected = WordKind.oneOf(literals).expected
        let index = first.literalIndex ?? 0
        guard index < words.count else {
            throw Malformed(
                code: .missingArgument, tag: request.tag, line: 1, argument: literals.joined(separator: "/"),
                expected: expected)
        }
        throw Malformed(
            code: .syntax, tag: request.tag, line: 1, near: nearest(to: words[index].uppercased(), among: literals),
            found: words[index], argument: request.verb, expected: expected)
    }

    /// Surplus and missing words, then unknown keys: what is wrong whatever the values are.
    private static func checkShape(of request: Request, _ form: VerbForm) throws(Malformed) {
        let words = request.words
        let positions = form.positions
        guard words.count <= positions.count else {
            throw Malformed(
                code: .unknownArgument, tag: request.tag, line: 1, found: words[positions.count])
        }
        if words.count < positions.count, positions[words.count].required {
            let missing = positions[words.count]
            throw Malformed(
                code: .missingArgument, tag: request.tag, line: 1, argument: missing.name,
                expected: missing.kind?.expected)
        }
        let rows = form.rows
        for argument in request.arguments {
            guard let key = argument.key, !rows.contains(where: { $0.key == key }) else { continue }
            throw Malformed(
                code: .unknownArgument, tag: request.tag, line: 1, near: nearest(to: key, among: form.keys),
                argument: key)
        }
    }

    /// The positional values and the pairs in their one spelling; of wrong ones the first in the line is told.
    private static func values(of request: Request, _ form: VerbForm) throws(Malformed) -> Call {
        var words: [Pair] = []
        var pairs: [Pair] = []
        pairs.reserveCapacity(request.arguments.count)
        var positions = form.positions[...]
        let rows = form.rows
        for argument in request.arguments {
            guard let key = argument.key else {
                guard let position = positions.popFirst(), let kind = position.kind else { continue }
                words.append(Pair(position.name, try check(argument.value, of: position.name, kind, request)))
                continue
            }
            guard let row = rows.first(where: { $0.key == key }) else { continue }
            guard !pairs.contains(where: { $0.key == key }) else {
                throw Malformed(code: .duplicateArgument, tag: request.tag, line: 1, argument: key)
            }
            pairs.append(Pair(key, try check(argument.value, of: key, row.kind, request)))
        }
        return Call(form: form, request: request, words: words, pairs: pairs)
    }

    private static func check(
        _ value: String, of name: String, _ kind: WordKind, _ request: Request
    ) throws(Malformed) -> String {
        if let value = kind.canonical(value) { return value }
        throw Malformed(
            code: .syntax, tag: request.tag, line: 1, found: value, argument: name, expected: kind.expected)
    }

    private static func checkBody(of request: Request, _ form: VerbForm) throws(Malformed) {
        guard let body = request.body else {
            if form.body.presence == .required {
                throw Malformed(code: .bodyNeeded, tag: request.tag, line: 1, expectsOneLine: form.body.mark == "<")
            }
            return
        }
        guard form.body.presence != .none else {
            throw Malformed(code: .bodyUnexpected, tag: request.tag, line: 1)
        }
        guard let octets = body.octets else { return }
        if form.body.presence == .required, octets.isEmpty {
            throw Malformed(code: .bodyNeeded, tag: request.tag, line: 1, expectsOneLine: form.body.mark == "<")
        }
        if form.body.octets == .text, let fault = TextRules.fault(in: octets, place: .body) {
            throw Malformed(fault, tag: request.tag, precedingLines: 1)
        }
    }
}

extension VerbForm {
    /// Where the form's fixed word stands among the positional values.
    fileprivate var literalIndex: Int? {
        positions.firstIndex { $0.kind == nil }
    }

    fileprivate var literal: String? {
        literalIndex.map { positions[$0].name }
    }

    fileprivate func matches(_ words: [String]) -> Bool {
        guard let index = literalIndex, index < words.count else { return false }
        return words[index].uppercased() == positions[index].name
    }
}
