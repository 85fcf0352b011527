/// About how much work it is to compare texts, known before it is done: so that nobody waits for what takes longer than a
/// moment.
///
/// Counted like octets of text that are read through, some ten nanoseconds each: texts as people write them take no longer
/// than that, and at worst it is ten times as long. Reading a text is linear. Aligning two is not, when they repeat a few
/// words: then every paragraph may be the partner of every other one. Nor is comparing them word by word, when they have
/// long paragraphs. Both are bounded, but far above a moment.
public enum ComparisonWork {
    /// Steps of a comparison that count like one octet.
    ///
    /// Two drafts of 20,000 octets in paragraphs of 300 count like a text of 56,000 octets.
    private static let stepsPerOctet = 48

    /// Finding out which paragraph of the one text is which of the other.
    public static func aligning(_ old: Document, _ new: Document) -> Int {
        aligning(old, octets: new.text.utf8.count, paragraphs: new.paragraphs.count)
    }

    /// The same when only the size of the other text is known.
    static func aligning(_ old: Document, octets: Int, paragraphs: Int) -> Int {
        (old.text.utf8.count * paragraphs + octets * old.paragraphs.count) / stepsPerOctet
    }

    /// Comparing every paragraph of a text with what became of it, word by word.
    public static func comparingWords(of document: Document) -> Int {
        document.text.utf8.count * document.longestParagraph / stepsPerOctet
    }
}
