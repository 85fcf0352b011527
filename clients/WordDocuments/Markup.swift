import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Takes what an XML text says, in its order.
protocol MarkupReceiver {
    /// An element begins.
    ///
    /// - Parameters:
    ///   - name: its local name.
    ///   - space: the family of names to which it belongs.
    ///   - attributes: by their local names.
    mutating func begin(_ name: String, _ space: Markup.Space, _ attributes: [String: String])
    /// It ends.
    mutating func end(_ name: String, _ space: Markup.Space)
    /// Text inside of it, perhaps in several pieces.
    mutating func text(_ text: String)
    /// Whether nothing more can be taken.
    var isFull: Bool { get }
}

extension MarkupReceiver {
    var isFull: Bool { false }
}

/// Reads the XML of an office document.
enum Markup {
    /// The families of names that matter; prefixes are the writer's choice and say nothing (ECMA-376, part 1, annex A).
    enum Space {
        case word, mathematics, compatibility, picture, vector, other

        init(_ address: String?) {
            switch address {
            case "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main":
                self = .word
            case "http://schemas.openxmlformats.org/officeDocument/2006/math",
                "http://purl.oclc.org/ooxml/officeDocument/math":
                self = .mathematics
            case "http://schemas.openxmlformats.org/markup-compatibility/2006": self = .compatibility
            case "http://schemas.openxmlformats.org/drawingml/2006/picture",
                "http://purl.oclc.org/ooxml/drawingml/picture",
                "http://schemas.openxmlformats.org/drawingml/2006/chart", "http://purl.oclc.org/ooxml/drawingml/chart",
                "http://schemas.microsoft.com/office/drawing/2014/chartex",
                "http://schemas.openxmlformats.org/drawingml/2006/diagram",
                "http://purl.oclc.org/ooxml/drawingml/diagram":
                self = .picture
            case "urn:schemas-microsoft-com:vml": self = .vector
            default: self = .other
            }
        }
    }

    /// Elements inside of each other; a table in a text box in a table has some forty.
    private static let deepest = 200
    /// Attributes of one tag; the root of Word's documents has some forty.
    ///
    /// libxml2 compares each of them with every other.
    private static let mostAttributes = 256

    /// Hands a part's content to its receiver.
    ///
    /// - Throws: `WordProblem.tooLarge` when the receiver is full; `.damaged` when it is no XML, is too deep, has more
    ///   attributes than any program writes, or has a document type, in which entities could be declared that unfold to
    ///   any size; a package may have none (ECMA-376, part 2, 8.2.5).
    static func read<Receiver: MarkupReceiver>(
        _ octets: [UInt8], part: String, to receiver: inout Receiver
    ) throws(WordProblem) {
        guard isPlain(octets) else { throw .damaged(part: part) }
        let parser = XMLParser(data: Data(octets))
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        let delegate = Delegate(receiver)
        parser.delegate = delegate
        let isWhole = parser.parse()
        receiver = delegate.receiver
        if receiver.isFull { throw .tooLarge }
        guard isWhole, !delegate.hasRefused else { throw .damaged(part: part) }
    }

    /// Whether a part is UTF-8, in another encoding something could hide, without a document type, endless tags, or what
    /// Foundation's parser traps on: a name that is no UTF-8, and an instruction of its target alone, `<?x?>`.
    private static func isPlain(_ octets: [UInt8]) -> Bool {
        if octets.contains(0) || String(validating: octets, as: UTF8.self) == nil { return false }
        let declaration = String(decoding: octets.prefix(while: { $0 != UInt8(ascii: ">") }).prefix(512), as: UTF8.self)
            .lowercased()
        if let encoding = declaration.firstRange(of: "encoding"),
            declaration[encoding.upperBound...].firstRange(of: "utf-8") == nil
        {
            return false
        }
        let type = Array("<!DOCTYPE".utf8)
        var attributes = 0
        var isAfterEquals = false
        for place in octets.indices {
            switch octets[place] {
            case UInt8(ascii: "<"):
                let rest = octets[place...]
                if rest.starts(with: type) || isBareInstruction(rest) { return false }
                // No value may hold this sign, so a tag ends before it, and text may hold what it likes after that.
                attributes = 0
                isAfterEquals = false
            case UInt8(ascii: "="): isAfterEquals = true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if isAfterEquals { attributes += 1 }
                if attributes > mostAttributes { return false }
                isAfterEquals = false
            case 0x20, 0x09, 0x0A, 0x0D: break
            default: isAfterEquals = false
            }
        }
        return true
    }

    /// Whether a processing instruction begins here that ends right behind its target (XML 1.0, section 2.6).
    private static func isBareInstruction(_ rest: ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: "<?".utf8) else { return false }
        let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        return rest.dropFirst(2).drop { $0 != UInt8(ascii: "?") && !blanks.contains($0) }.starts(with: "?>".utf8)
    }

    private final class Delegate<Receiver: MarkupReceiver>: NSObject, XMLParserDelegate {
        var receiver: Receiver
        private(set) var hasRefused = false
        private var depth = 0

        init(_ receiver: Receiver) { self.receiver = receiver }

        func parser(
            _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
            qualifiedName qName: String?, attributes attributeDict: [String: String]
        ) {
            guard !hasRefused else { return }
            depth += 1
            guard depth <= Markup.deepest else { return refuse(parser) }
            var attributes: [String: String] = [:]
            for (name, value) in attributeDict {
                attributes[name.split(separator: ":").last.map(String.init) ?? name] = value
            }
            receiver.begin(elementName, Space(namespaceURI), attributes)
            if receiver.isFull { refuse(parser) }
        }

        func parser(
            _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
        ) {
            depth -= 1
            if !hasRefused { receiver.end(elementName, Space(namespaceURI)) }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            take(string, from: parser)
        }

        func parser(_ parser: XMLParser, foundCDATA CDATABlock: Data) {
            take(String(decoding: CDATABlock, as: UTF8.self), from: parser)
        }

        func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) { hasRefused = true }

        private func take(_ text: String, from parser: XMLParser) {
            guard !hasRefused else { return }
            receiver.text(text)
            if receiver.isFull { refuse(parser) }
        }

        private func refuse(_ parser: XMLParser) {
            hasRefused = true
            parser.abortParsing()
        }
    }
}
