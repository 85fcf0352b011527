import ReviewCore

/// What has to hold for every comment that is carried from one revision to another: above all that none is shown at
/// words it is not about.
struct PortingPromises {
    let old: Document
    let new: Document

    /// One anchor per section, per paragraph, and per paragraph with some of its words; at most 60 of a kind.
    static func anchors(_ document: Document, seed: Int) -> [Anchor] {
        var anchors = [Anchor(target: .whole)]
        anchors += document.sections.prefix(60).map { Anchor(target: .section($0.path)) }
        for paragraph in document.paragraphs.prefix(60) {
            anchors.append(Anchor(target: AnchorTarget(paragraph)))
            let words = words(paragraph.text)
            guard !words.isEmpty else { continue }
            let start = (seed + paragraph.number) % words.count
            let quote = String(decoding: Array(words[start...].prefix(3).joined(separator: [0x20])), as: UTF8.self)
            anchors.append(Anchor(target: AnchorTarget(paragraph), quote: quote))
        }
        return anchors
    }

    private static func words(_ text: String) -> [Substring.UTF8View] {
        text.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
    }

    /// A text with every run of blanks and line ends as one space.
    private static func plain(_ text: String) -> [UInt8] {
        Array(words(text).joined(separator: [0x20]))
    }

    private static func holds(_ text: String, _ quote: String) -> Bool {
        let quote = plain(quote)
        let text = plain(text)
        guard !quote.isEmpty, quote.count <= text.count else { return quote.isEmpty }
        return (0...(text.count - quote.count)).contains { text[$0...].starts(with: quote) }
    }

    func check(quoteSeed: Int) throws(Finding) {
        let porting = Porting(from: old, to: new)
        let anchors = Self.anchors(old, seed: quoteSeed)
        let together = porting.port(anchors)
        try promise(together.count == anchors.count, "\(together.count) places for \(anchors.count) comments")
        var taken: [String: AnchorTarget] = [:]
        for (anchor, found) in zip(anchors, together) {
            let alone = porting.port(anchor)
            try promise(alone == found, said(anchor, found, "alone it is \(alone)"))
            switch anchor.target {
            case .whole: try promise(found == PortedAnchor(state: .exact, target: .whole), said(anchor, found, ""))
            case .section(let path): try section(path, anchor, found)
            case .paragraph(let path, let number):
                guard let then = old.paragraph(section: path, number: number) else { continue }
                try paragraph(then, anchor, found)
                guard anchor.quote == nil, found.state != .orphan, let target = found.target else { continue }
                guard case .paragraph(let section, let place) = target,
                    let now = new.paragraph(section: section, number: place)
                else { continue }
                // Two paragraphs have one successor only where one was joined to the other.
                let isJoined = found.state == .moved && !now.text.utf8.elementsEqual(then.text.utf8)
                if !isJoined {
                    let other = taken.updateValue(anchor.target, forKey: target.description)
                    try promise(other == nil, said(anchor, found, "so does \(other?.description ?? "")"))
                }
            }
        }
        try chain(porting, anchors, together)
    }

    private func said(_ anchor: Anchor, _ found: PortedAnchor, _ why: String) -> String {
        "\(anchor)\nis carried to \(found): \(why)\nold: \(shown(old.text.utf8))\nnew: \(shown(new.text.utf8))"
    }

    private func section(_ path: SectionPath, _ anchor: Anchor, _ found: PortedAnchor) throws(Finding) {
        guard let then = old.section(path) else { return }
        guard case .section(let place)? = found.target, let now = new.section(place) else {
            return try promise(
                found.state == .orphan && found.target == nil && found.oldText == then.title,
                said(anchor, found, "no such section"))
        }
        switch found.state {
        case .exact: try promise(place == path && now.title == then.title, said(anchor, found, "not in place"))
        case .moved: try promise(place != path && now.title == then.title, said(anchor, found, "not moved"))
        case .edited:
            try promise(
                found.oldText == then.title && found.newText == now.title && now.title != then.title,
                said(anchor, found, "not edited"))
        case .orphan: throw Finding(said(anchor, found, "an orphan with a place"))
        }
    }

    private func paragraph(_ then: Paragraph, _ anchor: Anchor, _ found: PortedAnchor) throws(Finding) {
        guard case .paragraph(let section, let number)? = found.target,
            let now = new.paragraph(section: section, number: number)
        else {
            return try promise(
                found.state == .orphan && found.target == nil && found.oldText == then.text,
                said(anchor, found, "no such paragraph"))
        }
        let isSame = now.text.utf8.elementsEqual(then.text.utf8)
        let isInPlace = now.section == then.section && now.number == then.number
        switch found.state {
        case .exact, .moved:
            try promise(
                found.oldText == nil && found.newText == nil, said(anchor, found, "texts of untouched words"))
            try promise(found.state == .moved || isInPlace, said(anchor, found, "not in place"))
            if let quote = anchor.quote {
                try promise(Self.holds(now.text, quote), said(anchor, found, "the words are not there"))
            } else if !isSame {
                try promise(
                    found.state == .moved && Self.holds(now.text, then.text), said(anchor, found, "another text"))
            }
        case .edited:
            try promise(
                !isSame && found.oldText == then.text && found.newText == now.text,
                said(anchor, found, "not edited"))
        case .orphan: throw Finding(said(anchor, found, "an orphan with a place"))
        }
    }

    /// A step between equal revisions changes nothing, before or after.
    private func chain(_ porting: Porting, _ anchors: [Anchor], _ places: [PortedAnchor]) throws(Finding) {
        let before = Porting(from: old, to: old).followed(by: porting)
        let after = porting.followed(by: Porting(from: new, to: new))
        for (anchor, found) in zip(anchors, places) {
            try promise(before.port(anchor) == found, said(anchor, found, "behind itself \(before.port(anchor))"))
            try promise(after.port(anchor) == found, said(anchor, found, "before itself \(after.port(anchor))"))
        }
        // There and back again never ends at other words.
        let back = porting.followed(by: Porting(from: new, to: old))
        for anchor in anchors where anchor.quote == nil {
            guard case .paragraph(let path, let number) = anchor.target,
                let then = old.paragraph(section: path, number: number)
            else { continue }
            let found = back.port(anchor)
            guard found.state == .exact, case .paragraph(let section, let place)? = found.target else { continue }
            let now = old.paragraph(section: section, number: place)
            try promise(now == then, said(anchor, found, "there and back it is another one"))
        }
    }
}
