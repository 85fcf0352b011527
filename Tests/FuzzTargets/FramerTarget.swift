import FramingOracle
import ReviewProtocol

/// The framer against the second reading of the specification (Tests/FramingOracle), and against itself with the same
/// octets cut elsewhere.
///
/// The input's first line is not sent: its first octet chooses the limits and when somebody logs in, the others are the
/// lengths of the pieces in which the rest arrives.
enum FramerTarget {
    /// Small limits, so that short streams reach every one of them, and those of the specification.
    static let limits: [Limits] = {
        var small = Limits()
        small.line = 40
        small.body = 60
        small.anonymousLine = 30
        small.anonymousBody = 20
        small.enrolBody = 50
        small.anonymousTotal = 300
        var tiny = small
        tiny.line = 16
        tiny.body = 16
        tiny.anonymousLine = 16
        tiny.anonymousBody = 8
        tiny.enrolBody = 12
        tiny.anonymousTotal = 64
        var long = small
        long.body = 400
        long.anonymousBody = 100
        long.anonymousTotal = 500
        return [small, Limits(), tiny, long]
    }()

    private struct Case {
        var limits: Limits
        /// After so many results somebody is logged in.
        var loginAfter: Int
        var pieces: [Int]
        var stream: ArraySlice<UInt8>
    }

    static func run(_ octets: [UInt8]) throws(Finding) {
        let test = read(octets)
        let whole = try results(test) { _ in test.stream.count }
        let single = try results(test) { _ in 1 }
        try promise(single == whole, "octet by octet: \(single)\nas a whole: \(whole)")
        if !test.pieces.isEmpty {
            let cut = try results(test) { test.pieces[$0 % test.pieces.count] }
            try promise(cut == whole, "in pieces of \(test.pieces): \(cut)\nas a whole: \(whole)")
        }
        try compare(whole, test)
    }

    private static func read(_ octets: [UInt8]) -> Case {
        let head = octets.prefix { $0 != 0x0A }
        let first = Int(head.first ?? 0)
        let login = first & 7
        return Case(
            limits: limits[first >> 3 & 3], loginAfter: login == 1 ? .max : max(0, login - 1),
            pieces: head.dropFirst().map { Int($0 & 31) + 1 }, stream: octets.dropFirst(head.count + 1))
    }

    // MARK: The framer

    private static func results(_ test: Case, _ length: (Int) -> Int) throws(Finding) -> [Received] {
        var framer = Framer(limits: test.limits)
        framer.authenticated = test.loginAfter == 0
        var results: [Received] = []
        var rest = test.stream
        var number = 0
        repeat {
            let piece = rest.prefix(max(1, length(number)))
            number += 1
            rest = rest.dropFirst(piece.count)
            framer.append(piece)
            while let result = framer.next() {
                results.append(result)
                if results.count == test.loginAfter { framer.authenticated = true }
                try check(result)
            }
            let bound = test.limits.line * Framer.patience + 2 * test.limits.body + 16 + piece.count
            try promise(framer.buffered <= bound, "the framer holds \(framer.buffered) octets, bound \(bound)")
        } while !rest.isEmpty
        if case .fatal = results.last {
            framer.append([0x50, 0x0A])
            try promise(framer.next() == nil, "something was read after the end")
            try promise(framer.buffered == 0, "octets are held after the end")
        }
        return results
    }

    /// A place that is named lies in the request.
    private static func check(_ result: Received) throws(Finding) {
        guard case .malformed(let malformed) = result else { return }
        if let line = malformed.line { try promise(line >= 1, "line \(line)") }
        if let column = malformed.column {
            try promise(column >= 1 && malformed.line != nil, "column \(column) in no line")
        }
        if let found = malformed.found { try promise(found.unicodeScalars.count <= 40, "found= is not shortened") }
    }

    // MARK: The oracle

    private static func compare(_ results: [Received], _ test: Case) throws(Finding) {
        var mine: [UInt8] = []
        for result in results { describe(result, &mine) }
        var limits = framing_limits()
        limits.line = test.limits.line
        limits.body = test.limits.body
        limits.anonymous_line = test.limits.anonymousLine
        limits.anonymous_body = test.limits.anonymousBody
        limits.enrol_body = test.limits.enrolBody
        limits.anonymous_total = test.limits.anonymousTotal
        limits.login_after = test.loginAfter == .max ? Int(bitPattern: UInt.max) : test.loginAfter
        let stream = Array(test.stream)
        // A request of two octets makes the longest description for its size.
        let theirs = [UInt8](unsafeUninitializedCapacity: 64 * stream.count + 1_024) { buffer, count in
            count = framing_read(stream, stream.count, &limits, buffer.baseAddress, buffer.count)
            if count > buffer.count { count = 0 }
        }
        try promise(
            mine == theirs,
            "framer and oracle differ (\(limits.login_after == 0 ? "logged in" : "before login"))\nframer: \(shown(mine))\noracle: \(shown(theirs))"
        )
    }

    /// The form of the oracle's records (framing_oracle.h).
    private static func describe(_ result: Received, _ output: inout [UInt8]) {
        switch result {
        case .request(let request):
            output.append(contentsOf: "R".utf8)
            field(request.tag?.utf8, &output)
            field(request.verb.utf8, &output)
            for argument in request.arguments {
                field(argument.key?.utf8, &output)
                field(argument.value.utf8, &output)
            }
            switch request.body {
            case nil: field("N".utf8, &output)
            case .oneLine: field("<".utf8, &output)
            case .block: field("D".utf8, &output)
            case .literal: field("L".utf8, &output)
            case .cancelled: field("C".utf8, &output)
            }
            field(request.body?.octets, &output)
        case .malformed(let malformed):
            output.append(contentsOf: "M".utf8)
            field(malformed.code.rawValue.utf8, &output)
            field(malformed.tag?.utf8, &output)
            let isExact = malformed.code != .syntax
            field(isExact ? malformed.line.map { String($0).utf8 } : nil, &output)
            field(isExact ? malformed.column.map { String($0).utf8 } : nil, &output)
            field(isExact ? malformed.found?.utf8 : nil, &output)
            field(isExact ? malformed.argument?.utf8 : nil, &output)
        case .fatal(let code):
            output.append(contentsOf: "F".utf8)
            field(code.rawValue.utf8, &output)
        }
        output.append(0x0A)
    }

    private static func field(_ octets: (some Collection<UInt8>)?, _ output: inout [UInt8]) {
        guard let octets else { return output.append(contentsOf: "-,".utf8) }
        output.append(contentsOf: "\(octets.count):".utf8)
        output.append(contentsOf: octets)
        output.append(contentsOf: ",".utf8)
    }
}
