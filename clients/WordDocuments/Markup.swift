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
                "http://purl.oclc.org/ooxml/drawingml/picture":
                self = .picture
            case "urn:schemas-microsoft-com:vml": self = .vector
            default: self = .other
            }
        }
    }

    /// Elements inside of each other; a table in a text box in a table has some forty.
    private static let deepest = 200

    /// Hands a part's content to its receiver.
    ///
    /// - Throws: `WordProblem.damaged` when it is no XML, is too deep, or has a document type, in which entities could be
    ///   declared that unfold to any size; a package may have none (ECMA-376, part 2, 8.2.5).
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
        guard isWhole, !delegate.hasRefused else { throw .damaged(part: part) }
    }

    /// Whether a part is UTF-8 without a document type; in another encoding one could hide.
    private static func isPlain(_ octets: [UInt8]) -> Bool {
        if octets.contains(0) { return false }
        let declaration = String(decoding: octets.prefix(while: { $0 != UInt8(ascii: ">") }).prefix(512), as: UTF8.self)
            .lowercased()
        if let encoding = declaration.firstRange(of: "encoding"),
            declaration[encoding.upperBound...].firstRange(of: "utf-8") == nil
        {
            return false
        }
        let mark = Array("<!DOCTYPE".utf8)
        var rest = octets[...]
        while let place = rest.firstIndex(of: mark[0]) {
            rest = rest[place...]
            if rest.starts(with: mark) { return false }
            rest = rest.dropFirst()
        }
        return true
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
            depth += 1
            guard depth <= Markup.deepest else { return refuse(parser) }
            var attributes: [String: String] = [:]
            for (name, value) in attributeDict {
                attributes[name.split(separator: ":").last.map(String.init) ?? name] = value
            }
            receiver.begin(elementName, Space(namespaceURI), attributes)
        }

        func parser(
            _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
        ) {
            depth -= 1
            if !hasRefused { receiver.end(elementName, Space(namespaceURI)) }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            if !hasRefused { receiver.text(string) }
        }

        func parser(_ parser: XMLParser, foundCDATA CDATABlock: Data) {
            if !hasRefused { receiver.text(String(decoding: CDATABlock, as: UTF8.self)) }
        }

        func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) { hasRefused = true }

        private func refuse(_ parser: XMLParser) {
            hasRefused = true
            parser.abortParsing()
        }
    }
}
