import CZlib

/// The parts of a ZIP archive (APPNOTE.TXT 6.3), as far as office programs use it: stored or deflated, neither encrypted
/// nor in volumes, no sizes of 64 bits.
///
/// Offsets and sizes come from the file and are believed nowhere: every one is checked against what is there.
struct ZipArchive {
    /// The octets of one part when it is unpacked; a paper of a hundred pages has a tenth of them.
    ///
    /// libxml2 takes no more at once, and calls a file damaged that is only long.
    static let largestPart = 10_000_000
    /// Parts of an archive; a document with a thousand pictures has some more than a thousand.
    private static let mostParts = 20_000

    private struct Part {
        let method: Int
        let isEncrypted: Bool
        let checksum: UInt32
        let packed: Int
        let offset: Int
    }

    private let octets: [UInt8]
    private let parts: [String: Part]

    /// Reads the list of parts at the end of the file.
    ///
    /// - Throws: `WordProblem.damaged` when there is none, or it is not what it should be.
    init(_ octets: [UInt8]) throws(WordProblem) {
        self.octets = octets
        guard let end = Self.end(of: octets), let count = octets.number(2, at: end + 10),
            let size = octets.number(4, at: end + 12), let start = octets.number(4, at: end + 16),
            count <= Self.mostParts, start + size <= octets.count
        else { throw .damaged(part: nil) }
        var parts: [String: Part] = [:]
        var place = start
        for _ in 0..<count {
            guard octets.number(4, at: place) == 0x0201_4B50, let flags = octets.number(2, at: place + 8),
                let method = octets.number(2, at: place + 10), let checksum = octets.number(4, at: place + 16),
                let packed = octets.number(4, at: place + 20), let nameLength = octets.number(2, at: place + 28),
                let extraLength = octets.number(2, at: place + 30),
                let commentLength = octets.number(2, at: place + 32),
                let offset = octets.number(4, at: place + 42), place + 46 + nameLength <= octets.count
            else { throw .damaged(part: nil) }
            let name = String(decoding: octets[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
            parts[Self.key(name)] = Part(
                method: method, isEncrypted: flags & 1 != 0, checksum: UInt32(truncatingIfNeeded: checksum),
                packed: packed, offset: offset)
            place += 46 + nameLength + extraLength + commentLength
        }
        self.parts = parts
    }

    /// Whether there is a part of this name.
    func holds(_ name: String) -> Bool { parts[Self.key(name)] != nil }

    /// The octets of a part; nil when there is none of this name.
    ///
    /// - Throws: `WordProblem.damaged` when they cannot be unpacked or have another checksum, `.encrypted`, `.tooLarge`.
    func part(_ name: String) throws(WordProblem) -> [UInt8]? {
        guard let part = parts[Self.key(name)] else { return nil }
        if part.isEncrypted { throw .encrypted }
        // The lengths of name and extra field before the octets may differ from those in the list.
        guard octets.number(4, at: part.offset) == 0x0403_4B50, let nameLength = octets.number(2, at: part.offset + 26),
            let extraLength = octets.number(2, at: part.offset + 28)
        else { throw .damaged(part: name) }
        let start = part.offset + 30 + nameLength + extraLength
        guard start + part.packed <= octets.count else { throw .damaged(part: name) }
        let packed = octets[start..<(start + part.packed)]
        let unpacked: [UInt8]
        switch part.method {
        case 0: unpacked = Array(packed)
        case 8: unpacked = try Self.inflated(packed, part: name)
        default: throw .damaged(part: name)
        }
        if unpacked.count > Self.largestPart { throw .tooLarge }
        guard Self.checksum(unpacked) == part.checksum else { throw .damaged(part: name) }
        return unpacked
    }

    /// The names of parts are compared without regard to case (ECMA-376, part 2, 6.2.2.3); and programs on Windows wrote
    /// their own sign between folders.
    private static func key(_ name: String) -> String { name.lowercased().replacing("\\", with: "/") }

    /// Where the record stands that ends the archive: within the longest comment of the file's end.
    private static func end(of octets: [UInt8]) -> Int? {
        guard octets.count >= 22 else { return nil }
        var place = octets.count - 22
        let last = max(0, octets.count - 22 - 65_535)
        while place >= last {
            if octets.number(4, at: place) == 0x0605_4B50 { return place }
            place -= 1
        }
        return nil
    }

    /// Raw DEFLATE (RFC 1951), as much of it as may be.
    private static func inflated(_ packed: ArraySlice<UInt8>, part: String) throws(WordProblem) -> [UInt8] {
        var output: [UInt8] = []
        var problem: WordProblem?
        packed.withUnsafeBufferPointer { input in
            // zlib remembers where the stream lies, and refuses one that lies elsewhere.
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            defer { stream.deallocate() }
            guard phanbien_inflate_init_raw(stream) == Z_OK else { return problem = .damaged(part: part) }
            defer { inflateEnd(stream) }
            // It only reads what is at next_in; its interface is older than const.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            var code = Z_OK
            while code == Z_OK {
                let piece = [UInt8](unsafeUninitializedCapacity: 65_536) { room, count in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(room.count)
                    code = inflate(stream, Z_NO_FLUSH)
                    count = room.count - Int(stream.pointee.avail_out)
                }
                output.append(contentsOf: piece)
                if output.count > largestPart { return problem = .tooLarge }
            }
            if code != Z_STREAM_END { problem = .damaged(part: part) }
        }
        if let problem { throw problem }
        return output
    }

    private static func checksum(_ octets: [UInt8]) -> UInt32 {
        octets.withUnsafeBufferPointer {
            UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32(clamping: $0.count)))
        }
    }
}

extension [UInt8] {
    /// A number of one to four octets, the lowest first; nil behind the end.
    fileprivate func number(_ width: Int, at place: Int) -> Int? {
        guard place >= 0, place <= count - width else { return nil }
        var value = 0
        for offset in (0..<width).reversed() { value = value << 8 | Int(self[place + offset]) }
        return value
    }
}
