/// A key and its value, as in `topic=2025-2`.
public struct Pair: Sendable, Equatable {
    /// The key, in lower case.
    public var key: String
    /// The value, unquoted.
    public var value: String

    /// A pair.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// One argument of a request: positional when it has no key.
public struct Argument: Sendable, Hashable {
    /// The key in lower case; nil for a positional argument.
    public var key: String?
    /// The value, unquoted.
    public var value: String

    /// An argument.
    public init(key: String? = nil, value: String) {
        self.key = key
        self.value = value
    }
}

/// The body of a request, unframed.
///
/// Text rules are checked later, by the verb: framing never depends on meaning.
public enum Body: Sendable, Equatable {
    /// The one line after `<`, without its end.
    case oneLine([UInt8])
    /// The lines after `<<`, joined by LF, without an LF at the end, each dot that was added for the wire taken off.
    case block([UInt8])
    /// The counted octets after `{n}`, as they came.
    case literal([UInt8])
    /// A text block that its sender ended with `.cancel`.
    case cancelled

    /// The octets; nil when the sender cancelled.
    public var octets: [UInt8]? {
        switch self {
        case .oneLine(let octets), .block(let octets), .literal(let octets): octets
        case .cancelled: nil
        }
    }
}

/// One request, lexed but not yet compared with the verb table (specification §2).
public struct Request: Sendable, Equatable {
    /// The tag without its `#`; nil when the sender gave none.
    public var tag: String?
    /// The verb, in upper case.
    public var verb: String
    /// The arguments in the order in which they came.
    public var arguments: [Argument]
    /// The body; nil when the line announced none.
    public var body: Body?

    /// A request.
    ///
    /// The verb is taken as given; write it in upper case.
    public init(tag: String? = nil, verb: String, arguments: [Argument] = [], body: Body? = nil) {
        self.tag = tag
        self.verb = verb
        self.arguments = arguments
        self.body = body
    }

    /// The positional values, in order.
    public var words: [String] {
        arguments.compactMap { $0.key == nil ? $0.value : nil }
    }

    /// The value of the argument with a key (lower case); nil when absent.
    public func value(_ key: String) -> String? {
        arguments.first { $0.key == key }?.value
    }
}
