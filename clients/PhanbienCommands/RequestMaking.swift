public import ReviewProtocol

extension Invocation {
    /// The request of a command whose row has a `wire`.
    ///
    /// - Parameters:
    ///   - text: the text it carries, sent as a literal so that it arrives byte for byte.
    ///   - key: the key against doing it twice; every write has one.
    ///   - dryRun: whether the server only says what it would do.
    public func request(text: [UInt8]? = nil, key: String? = nil, dryRun: Bool = false) -> Request {
        var request = Request(verb: "", arguments: [])
        for (index, part) in form.wire.split(separator: " ").enumerated() {
            if index == 0 {
                request.verb = String(part)
                continue
            }
            var argumentKey: String?
            var word = part
            if let equals = part.firstIndex(of: "=") {
                argumentKey = String(part[..<equals])
                word = part[part.index(after: equals)...]
            }
            if word.first == "{" {
                guard let value = operands[String(word.dropFirst().dropLast())] else { continue }
                request.arguments.append(Argument(key: argumentKey, value: value))
            } else {
                request.arguments.append(Argument(key: argumentKey, value: String(word)))
            }
        }
        for option in form.options {
            guard let wire = option.wire, let value = options[option.name] else { continue }
            request.arguments.append(Argument(key: wire, value: value))
        }
        if form.writes {
            if let key { request.arguments.append(Argument(key: "key", value: key)) }
            if dryRun { request.arguments.append(Argument(key: "dry-run", value: "yes")) }
        }
        if let text { request.body = .literal(text) }
        return request
    }
}

extension Request {
    /// A request of words only.
    package static func of(_ verb: String, _ words: String...) -> Request {
        Request(verb: verb, arguments: words.map { Argument(value: $0) })
    }

    /// The same request with one more pair.
    package func adding(_ key: String, _ value: String?) -> Request {
        guard let value else { return self }
        var copy = self
        copy.arguments.append(Argument(key: key, value: value))
        return copy
    }
}
