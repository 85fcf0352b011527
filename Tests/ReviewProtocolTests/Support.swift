import ReviewProtocol

/// SplitMix64: small, seeded, the same on every machine.
///
/// A failing seed replays the failure.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Everything a framer makes of one stream, given in the pieces stated.
func received(
    _ pieces: [ArraySlice<UInt8>], limits: Limits = Limits(), authenticated: Bool = true
) -> [Received] {
    var framer = Framer(limits: limits)
    framer.authenticated = authenticated
    var results: [Received] = []
    for piece in pieces {
        framer.append(piece)
        while let result = framer.next() { results.append(result) }
    }
    return results
}

func received(_ text: String, limits: Limits = Limits(), authenticated: Bool = true) -> [Received] {
    received([octets(text)[...]], limits: limits, authenticated: authenticated)
}

/// The code of each result, for short expectations: the verb of a request, the code of anything else.
func codes(_ results: [Received]) -> [String] {
    results.map { result in
        switch result {
        case .request(let request): request.verb
        case .malformed(let malformed): "BAD \(malformed.code.rawValue)"
        case .fatal(let code): "BYE \(code.rawValue)"
        }
    }
}

func codes(_ text: String, limits: Limits = Limits(), authenticated: Bool = true) -> [String] {
    codes(received(text, limits: limits, authenticated: authenticated))
}

/// The only request of a stream; nil when the stream holds anything else.
func request(_ text: String) -> Request? {
    let results = received(text)
    guard results.count == 1, case .request(let request) = results[0] else { return nil }
    return request
}

/// The only fault of a stream, from the framer or from the verb table.
func fault(_ text: String) -> Malformed? {
    let results = received(text)
    guard results.count == 1 else { return nil }
    switch results[0] {
    case .malformed(let malformed): return malformed
    case .fatal: return nil
    case .request(let request):
        do throws(Malformed) {
            _ = try VerbTable.call(for: request)
            return nil
        } catch {
            return error
        }
    }
}

/// The call of a stream's only request.
func call(_ text: String) throws -> Call {
    guard let request = request(text) else { throw Unexpected(text: text) }
    return try VerbTable.call(for: request)
}

struct Unexpected: Error {
    var text: String
}

func written(_ line: ServerLine) -> String {
    var output: [UInt8] = []
    line.write(into: &output)
    return String(decoding: output, as: UTF8.self)
}
