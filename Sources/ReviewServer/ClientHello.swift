/// What the first octets of a TLS connection say about ALPN (RFC 8446 §4.1.2, RFC 7301 §3.1).
///
/// The TLS library goes on without ALPN when it knows none of the offered protocols, and tells nobody; specification §1.3
/// wants such a client refused. So the offer is read here, before the library sees it. Everything that is not well-formed
/// is left to the library, which refuses it with the right alert.
enum ClientHello {
    /// What could be read so far.
    enum Offer: Equatable {
        /// More octets are needed.
        case incomplete
        /// The client names no protocols.
        case absent
        /// The protocols that the client names, in its order.
        case protocols([[UInt8]])
        /// This is no ClientHello, or a damaged one, or one longer than `longestOctets`.
        case unreadable
    }

    /// The longest message that is looked at, headers of records not counted.
    ///
    /// Browsers with post-quantum keys need two
    /// KiB; the library itself refuses more than 16.
    static let longestOctets = 16_384
    /// The most octets of the network that may have to be held before the offer is known: the message, and the header of
    /// each record that carries a part of it.
    static let longestBufferedOctets = longestOctets + 4 * 1_024

    /// Reads the offer from everything that the client has sent so far.
    static func offer(in octets: [UInt8]) -> Offer {
        var reader = OctetReader(octets[...])
        var message: [UInt8] = []
        // struct { ContentType type; ProtocolVersion legacy_record_version; uint16 length; opaque fragment } TLSPlaintext
        while true {
            guard let type = reader.number(octets: 1) else { break }
            guard type == recordTypeHandshake else { return .unreadable }
            guard let major = reader.number(octets: 1) else { break }
            guard major == 3 else { return .unreadable }
            guard reader.number(octets: 1) != nil, let length = reader.number(octets: 2) else { break }
            guard (1...longestOctets).contains(length) else { return .unreadable }
            let fragment = reader.take(upTo: length)
            message.append(contentsOf: fragment)
            if let offer = offer(inMessage: message) { return offer }
            if fragment.count < length { break }
        }
        return octets.count > longestBufferedOctets ? .unreadable : .incomplete
    }

    private static let recordTypeHandshake = 22
    private static let messageTypeClientHello = 1
    private static let extensionApplicationProtocols = 16

    /// Reads a handshake message; nil while it is not complete.
    private static func offer(inMessage message: [UInt8]) -> Offer? {
        var reader = OctetReader(message[...])
        guard let type = reader.number(octets: 1) else { return nil }
        guard type == messageTypeClientHello else { return .unreadable }
        guard let length = reader.number(octets: 3) else { return nil }
        guard length <= longestOctets else { return .unreadable }
        guard let body = reader.take(length) else { return nil }
        return offer(inBody: body)
    }

    /// Reads `legacy_version random legacy_session_id cipher_suites legacy_compression_methods extensions`.
    private static func offer(inBody body: ArraySlice<UInt8>) -> Offer {
        var reader = OctetReader(body)
        guard reader.take(2 + 32) != nil, reader.vector(lengthOctets: 1) != nil,
            reader.vector(lengthOctets: 2) != nil, reader.vector(lengthOctets: 1) != nil
        else { return .unreadable }
        if reader.isAtEnd { return .absent }
        guard let extensions = reader.vector(lengthOctets: 2), reader.isAtEnd else { return .unreadable }
        reader = OctetReader(extensions)
        while !reader.isAtEnd {
            guard let type = reader.number(octets: 2), let content = reader.vector(lengthOctets: 2) else {
                return .unreadable
            }
            if type == extensionApplicationProtocols { return offer(inList: content) }
        }
        return .absent
    }

    /// Reads `opaque ProtocolName<1..2^8-1>; ProtocolName protocol_name_list<2..2^16-1>`.
    private static func offer(inList content: ArraySlice<UInt8>) -> Offer {
        var reader = OctetReader(content)
        guard let list = reader.vector(lengthOctets: 2), reader.isAtEnd else { return .unreadable }
        reader = OctetReader(list)
        var protocols: [[UInt8]] = []
        while !reader.isAtEnd {
            guard let name = reader.vector(lengthOctets: 1), !name.isEmpty else { return .unreadable }
            protocols.append(Array(name))
        }
        return protocols.isEmpty ? .unreadable : .protocols(protocols)
    }
}

/// Reads numbers and vectors in network order; never past the end.
private struct OctetReader {
    private var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) { rest = octets }

    var isAtEnd: Bool { rest.isEmpty }

    /// A number of at most three octets, so that it always fits.
    mutating func number(octets count: Int) -> Int? {
        guard let octets = take(count) else { return nil }
        return octets.reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        return take(upTo: count)
    }

    mutating func take(upTo count: Int) -> ArraySlice<UInt8> {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }

    mutating func vector(lengthOctets: Int) -> ArraySlice<UInt8>? {
        guard let length = number(octets: lengthOctets) else { return nil }
        return take(length)
    }
}
