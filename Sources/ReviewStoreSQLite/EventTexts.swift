import Foundation
import ReviewCore
import ReviewDigest
import ReviewStore

/// The texts of an event in the event's own row: one after another, each behind its length in four octets, big-endian.
///
/// Their digests stand in the record, in the same order.
enum EventTexts {
    private static let lengthOctets = 4

    /// Appends the texts; the caller knows that none is missing.
    static func write(_ bodies: [Body], into octets: inout [UInt8]) {
        for body in bodies {
            let text = body.text ?? ""
            // A text has 2 MiB at most (specification §5).
            let length = UInt32(truncatingIfNeeded: text.utf8.count)
            for shift in [24, 16, 8, 0] { octets.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
            octets.append(contentsOf: text.utf8)
        }
    }

    /// The bodies of a record whose texts stand in its row; nil when the row does not hold as many texts as the record names.
    static func bodies(of encoded: String, _ octets: Data) -> [Body]? {
        var rest = octets[...]
        var texts: [String] = []
        while !rest.isEmpty {
            guard rest.count >= lengthOctets else { return nil }
            let length = rest.prefix(lengthOctets).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(lengthOctets)
            guard rest.count >= length else { return nil }
            texts.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
        guard let digests = EventRecord.digests(of: encoded, count: texts.count) else { return nil }
        return zip(digests, texts).map { Body(digest: $0, text: $1) }
    }
}
