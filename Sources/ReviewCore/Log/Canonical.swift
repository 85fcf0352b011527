/// Makes texts that came from a peer canonical, and turns what is wrong with them into a refusal.
extension State {
    /// The longest body that is kept, in octets: the wire's own limit is the same (specification §2).
    static let bodyOctets = 2_097_152

    func canonicalBody(_ octets: [UInt8]) throws(Refusal) -> String {
        do { return try CanonicalText.body(octets) } catch { throw Self.refusal(of: error) }
    }

    func canonicalBody(optional octets: [UInt8]?) throws(Refusal) -> String? {
        guard let octets, octets.contains(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x09 && $0 != 0x0D }) else {
            return nil
        }
        return try canonicalBody(octets)
    }

    static func canonicalDocument(_ octets: [UInt8]) throws(Refusal) -> String {
        do { return try CanonicalText.document(octets) } catch { throw refusal(of: error) }
    }

    func canonicalField(_ text: String, _ name: String, _ maximumOctets: Int) throws(Refusal) -> String {
        do { return try CanonicalText.field(text, maximumOctets: maximumOctets) } catch {
            throw Refusal(
                .invalid,
                Wording("\(name): " + error.text(vietnamese: true), "\(name): " + error.text(vietnamese: false)),
                details: [Detail("argument", name)])
        }
    }

    /// A text of lines that came as a value of the command line, where `\n` stands for LF.
    func canonicalLines(_ text: String, _ name: String) throws(Refusal) -> String {
        do { return try CanonicalText.body(Array(text.utf8)) } catch {
            throw Refusal(
                .invalid,
                Wording("\(name): " + error.text(vietnamese: true), "\(name): " + error.text(vietnamese: false)),
                details: [Detail("argument", name)])
        }
    }

    private static func refusal(of problem: TextProblem) -> Refusal {
        Refusal(
            .invalid, Wording(problem.text(vietnamese: true), problem.text(vietnamese: false)),
            // Counted as in BAD: the request's first line is the command line (specification §4).
            details: [Detail("line", String(problem.line + 1)), Detail("column", String(problem.column))])
    }
}
