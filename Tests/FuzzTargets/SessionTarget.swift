import ReviewProtocol

/// The whole server in memory, framer and engine together, with several people logged in: whatever they send, every
/// request gets one reply in its turn, and every reply can be read.
///
/// The input is what is sent. F8 to FB hex choose the connection (three people, and one that is not logged in), FC ends a
/// read burst, FD lets the server work, FE lets five seconds pass, FF makes the next append fail.
enum SessionTarget {
    static func run(_ octets: [UInt8]) throws(Finding) {
        var world = try World.prepared()
        var connection = 0
        for octet in octets {
            switch octet {
            case 0xF8...0xFB: connection = Int(octet - 0xF8)
            case 0xFC: world.burst(connection)
            case 0xFD: try world.work()
            case 0xFE: try world.pass(milliseconds: 5_000)
            case 0xFF: world.failNextAppend()
            default: world.collect(octet, connection)
            }
        }
        try world.settle()
        for connection in 0..<World.connections { try judge(world.heard[connection], connection) }
    }

    // MARK: What a connection heard

    private static func judge(_ heard: World.Heard, _ connection: Int) throws(Finding) {
        func said(_ why: String) -> String {
            "connection \(connection): \(why)\nsent: \(shown(heard.sent))\nheard: \(shown(heard.octets))"
        }
        var framer = ReplyFramer()
        framer.append(heard.octets)
        var tags: [String?] = []
        var isInReply = false
        var hasEnded = false
        while true {
            let line: ServerLine
            do throws(ReplyError) {
                guard let next = try framer.next() else { break }
                line = next
            } catch {
                throw Finding(said("\(error)"))
            }
            try promise(!hasEnded, said("something after BYE: \(line)"))
            switch line {
            case .hello: throw Finding(said("a second HELLO"))
            case .unknown: throw Finding(said("\(line)"))
            case .row, .body, .literal: isInReply = true
            case .status(let status):
                isInReply = false
                tags.append(status.tag)
                try promise(status.isOK || status.value("retry") != nil, said("no retry=: \(status)"))
            case .event, .sync, .note: try promise(!isInReply, said("\(line) inside a reply"))
            case .prompt: break
            case .bye: hasEnded = true
            }
        }
        try promise(framer.buffered == 0, said("half a line"))
        try promise(heard.isClosed == hasEnded, said(hasEnded ? "BYE, and still open" : "closed without BYE"))
        // Only a BYE leaves requests without a reply.
        let expected = hasEnded ? Array(heard.tags.prefix(tags.count)) : heard.tags
        try promise(tags == expected, said("replies \(tags), requests \(heard.tags)"))
        // Nothing that was heard can drive a terminal.
        if !heard.hasLiterals {
            for part in heard.octets.split(separator: 0x0A) {
                let fault = TextRules.fault(in: Array(part), place: part.first == 0x7C ? .body : .line)
                try promise(fault == nil, said("\(shown(part)): \(String(describing: fault))"))
            }
        }
    }
}
