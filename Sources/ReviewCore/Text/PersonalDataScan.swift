/// One text, cut into words, numbers and marks, and looked through for personal data.
struct PersonalDataScan {
    private enum Shape {
        case word
        case number
        /// One letter of neither; blanks are left out.
        case mark
    }

    private struct Piece {
        let shape: Shape
        let start: Int
        let end: Int
        /// Whether a blank or the end of a line stands before it.
        let isApart: Bool
        let word: Word
        let isCapital: Bool

        var count: Int { end - start }
    }

    /// A word in small letters, as far as words have to be told apart here: its first octets, and how many it has.
    private struct Word: Hashable, ExpressibleByStringLiteral {
        let first: UInt64
        let count: Int

        static let none = Word(first: 0, count: 0)

        init(first: UInt64, count: Int) {
            self.first = first
            self.count = count
        }

        init(stringLiteral text: String) {
            var letters = Array(text.utf8)[...]
            _ = makeSmall(&letters)
            self.init(letters)
        }

        init(_ octets: ArraySlice<UInt8>) {
            first = octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            count = octets.count
        }
    }

    private let octets: [UInt8]
    private let pieces: [Piece]

    init(_ text: String) {
        octets = Array(text.utf8)
        pieces = Self.cut(octets)
    }

    /// What was found: each kind once, at its first place, in the order of the text, with its masked beginning.
    var found: [(kind: PersonalData.Kind, hint: String)] {
        var found: [(kind: PersonalData.Kind, hint: String)] = []
        func look(for kind: PersonalData.Kind, _ hint: @autoclosure () -> String?) {
            guard !found.contains(where: { $0.kind == kind }), let hint = hint() else { return }
            found.append((kind, hint))
        }
        for (index, piece) in pieces.enumerated() {
            switch piece.shape {
            case .number:
                look(for: .nationalID, nationalID(at: index))
                look(for: .phone, phone(at: index))
            case .mark: look(for: .email, email(around: index))
            case .word where Self.starters.contains(piece.word):
                look(for: .account, account(at: index))
                look(for: .birth, birth(at: index))
                look(for: .residence, residence(at: index))
                look(for: .name, name(at: index))
            case .word: break
            }
        }
        return found
    }

    /// The first words of all phrases: hardly any word of a text is one.
    private static let starters = Set((accountWords + residing + born + parties).compactMap(\.first))

    // MARK: Pieces

    private static func cut(_ octets: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        pieces.reserveCapacity(octets.count / 4)
        var place = 0
        var isApart = true
        while place < octets.count {
            let (start, first) = (place, octets[place])
            if first <= 0x20 {
                place += 1
                isApart = true
                continue
            }
            var shape = Shape.mark
            if isDigit(first) {
                shape = .number
                while place < octets.count, isDigit(octets[place]) { place += 1 }
            } else if isLetter(first) {
                shape = .word
                while place < octets.count, isLetter(octets[place]) { place += length(octets[place]) }
            } else {
                place += length(first)
            }
            place = min(place, octets.count)
            var (word, isCapital) = (Word.none, false)
            if shape == .word {
                var letters = octets[start..<place]
                isCapital = makeSmall(&letters)
                word = Word(letters)
            }
            pieces.append(
                Piece(shape: shape, start: start, end: place, isApart: isApart, word: word, isCapital: isCapital))
            isApart = false
        }
        return pieces
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

    /// Latin letters with all their marks, by their first octet; 0xC2 and 0xE2 begin signs, such as quotation marks.
    private static func isLetter(_ first: UInt8) -> Bool {
        first < 0x80 ? (0x41...0x5A).contains(first & 0xDF) : first >= 0xC3 && first != 0xE2 && first < 0xF0
    }

    /// The octets of a letter, by its first one.
    private static func length(_ first: UInt8) -> Int { first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4 }

    private func piece(_ index: Int) -> Piece? { pieces.indices.contains(index) ? pieces[index] : nil }

    private func text(_ piece: Piece) -> String { String(decoding: octets[piece.start..<piece.end], as: UTF8.self) }

    private func number(_ index: Int) -> Piece? { piece(index).flatMap { $0.shape == .number ? $0 : nil } }

    /// Makes the first letter small; false when it is already.
    private static func makeSmall(_ letters: inout ArraySlice<UInt8>) -> Bool {
        var place = letters.startIndex
        guard place < letters.endIndex, makeLetterSmall(&letters, at: place) else { return false }
        // Hardly any word is written in capitals throughout, so only what begins with one is looked at further.
        place += length(letters[place])
        while place < letters.endIndex {
            _ = makeLetterSmall(&letters, at: place)
            place += length(letters[place])
        }
        return true
    }

    /// Makes one letter small; whether it was a capital.
    private static func makeLetterSmall(_ letters: inout ArraySlice<UInt8>, at start: Int) -> Bool {
        func second(_ range: ClosedRange<UInt8>, _ change: (UInt8) -> UInt8) -> Bool {
            guard start + 1 < letters.endIndex, range.contains(letters[start + 1]) else { return false }
            let small = change(letters[start + 1])
            defer { letters[start + 1] = small }
            return small != letters[start + 1]
        }
        switch letters[start] {
        case 0x41...0x5A:
            letters[start] |= 0x20
            return true
        case 0xC3: return second(0x80...0x9E) { $0 + 0x20 }
        case 0xC4, 0xC5: return second(0x80...0xBF) { $0 | 1 }
        case 0xC6: return second(0xA0...0xB0) { $0 == 0xAF || $0 == 0xB0 ? 0xB0 : $0 | 1 }
        case 0xE1:
            guard start + 2 < letters.endIndex, [0xBA, 0xBB].contains(letters[start + 1]), letters[start + 2] & 1 == 0
            else {
                return false
            }
            letters[start + 2] |= 1
            return true
        default: return false
        }
    }

    private func isMark(_ index: Int, _ marks: StaticString) -> Bool {
        guard let piece = piece(index), piece.shape == .mark, piece.count == 1 else { return false }
        return marks.withUTF8Buffer { $0.contains(octets[piece.start]) }
    }

    private func isWord(_ index: Int, _ word: Word) -> Bool { piece(index)?.word == word }

    private func isOne(_ index: Int, of words: Set<Word>) -> Bool {
        piece(index).map { words.contains($0.word) } ?? false
    }

    private func isCapital(_ index: Int) -> Bool { piece(index)?.isCapital ?? false }

    /// The place behind the phrase that begins here; nil when none does.
    private func end(ofOne phrases: [[Word]], at index: Int) -> Int? {
        for phrase in phrases where phrase.enumerated().allSatisfy({ isWord(index + $0.offset, $0.element) }) {
            return index + phrase.count
        }
        return nil
    }

    private func masked(_ piece: Piece) -> String {
        String(decoding: octets[piece.start..<min(piece.start + 3, piece.end)], as: UTF8.self) + "…"
    }

    // MARK: Numbers

    private static let identity: [[Word]] = [
        ["căn", "cước"], ["định", "danh"], ["chứng", "minh", "nhân", "dân"], ["chứng", "minh", "thư"], ["CCCD"],
        ["CMND"],
        ["CMTND"],
    ]
    /// A number of twelve digits begins with a province's, 001 to 096 (NĐ 137/2015/NĐ-CP, Điều 13).
    private static let lastProvince = 96
    /// How many pieces may stand between the words for a number and the number.
    private static let reach = 8

    /// Twelve digits that begin with a province's number; nine or twelve behind the words for it.
    private func nationalID(at index: Int) -> String? {
        guard let piece = number(index), !isMoney(index) else { return nil }
        let isNamed = (max(0, index - Self.reach)..<index).contains { end(ofOne: Self.identity, at: $0) != nil }
        if isNamed, piece.count == 3 || piece.count == 4, groupedDigits(at: index) == 12 { return masked(piece) }
        guard piece.count == 12 || piece.count == 9 else { return nil }
        if !isNamed {
            let province = octets[piece.start..<piece.start + 3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard piece.count == 12, (1...Self.lastProvince).contains(province), !isPart(index) else { return nil }
        }
        return masked(piece)
    }

    /// The digits of a number in groups of three or four with one blank or point between them.
    private func groupedDigits(at index: Int) -> Int {
        var (digits, next) = (0, index)
        while digits < 12, let group = number(next), group.count == 3 || group.count == 4 {
            digits += group.count
            next += isMark(next + 1, ".-") && piece(next + 1)?.isApart == false ? 2 : 1
        }
        return digits
    }

    private static let money: Set<Word> = ["đồng", "VND", "triệu", "tỷ", "tỉ"]

    private func isMoney(_ index: Int) -> Bool { isOne(index + 1, of: Self.money) }

    /// Whether a number goes on before or behind a point or comma.
    private func isPart(_ index: Int) -> Bool {
        let isBefore = piece(index)?.isApart == false && isMark(index - 1, ".,/-")
        let isBehind =
            piece(index + 1)?.isApart == false && isMark(index + 1, ".,/-") && piece(index + 2)?.isApart == false
        return isBefore || isBehind && number(index + 2) != nil
    }

    /// A mobile number: ten digits from 03, 05, 07, 08 or 09 on, also with +84, in groups of three and more.
    private func phone(at index: Int) -> String? {
        guard let first = number(index), first.count >= 2 else { return nil }
        let start = octets[first.start..<first.end]
        var wanted = 10
        if isMark(index - 1, "+"), !first.isApart, start.starts(with: [0x38, 0x34]) {
            wanted = 11
        } else {
            // Not the later groups of a longer number.
            guard first.count >= 3, start.starts(with: [0x30]),
                [0x33, 0x35, 0x37, 0x38, 0x39].contains(octets[first.start + 1]),
                first.isApart || !isMark(index - 1, ".,/-"),
                // A tax number has ten digits as well.
                !(max(0, index - 3)..<index).contains(where: { isWord($0, "thuế") })
            else { return nil }
        }
        var (digits, next) = (first.count, index + 1)
        while digits < wanted {
            if isMark(next, ".-"), piece(next)?.isApart == false { next += 1 }
            guard let group = number(next), group.count >= 3 else { return nil }
            digits += group.count
            next += 1
        }
        return digits == wanted ? masked(first) : nil
    }

    private static let accountWords: [[Word]] = [["tài", "khoản"], ["STK"]]

    private func account(at index: Int) -> String? {
        guard let end = end(ofOne: Self.accountWords, at: index) else { return nil }
        return (end..<end + 4).first { (number($0)?.count ?? 0) >= 6 && !isMoney($0) }.flatMap { number($0) }
            .map { masked($0) }
    }

    // MARK: Addresses

    /// Characters of a domain that a hint shows.
    private static let longestHint = 40

    /// An address of a person: those of authorities are public.
    private func email(around index: Int) -> String? {
        guard isMark(index, "@"), let at = piece(index), !at.isApart, let host = piece(index + 1), !host.isApart else {
            return nil
        }
        var (first, last) = (index, index + 1)
        while let before = piece(first - 1), before.shape != .mark || isMark(first - 1, "._-") {
            first -= 1
            if before.isApart { break }
        }
        while let after = piece(last + 1), !after.isApart, after.shape != .mark || isMark(last + 1, ".-") { last += 1 }
        while last > index, isMark(last, ".-") { last -= 1 }
        guard first < index, last > index + 1 else { return nil }
        let domain = String(decoding: octets[host.start..<pieces[last].end], as: UTF8.self)
        guard !("." + domain.lowercased()).hasSuffix(".gov.vn") else { return nil }
        return text(pieces[first]).prefix(1) + "…@" + domain.prefix(Self.longestHint)
    }

    private static let residing: [[Word]] = [
        ["trú", "tại"], ["thường", "trú"], ["hộ", "khẩu"], ["nơi", "ở"],
    ]
    private static let units: Set<Word> = [
        "nhà", "thôn", "bản", "xóm", "ấp", "tổ", "khối", "ngõ", "ngách", "đường", "phố",
    ]

    /// Words for residing, and in the same sentence a unit below the commune with its name or number.
    private func residence(at index: Int) -> String? {
        guard let end = end(ofOne: Self.residing, at: index) else { return nil }
        for place in end..<end + 10 {
            if isMark(place, ".;") { return nil }
            guard let unit = piece(place), isOne(place, of: Self.units) else { continue }
            if number(place + 1) != nil || isCapital(place + 1) { return text(unit) + " …" }
        }
        return nil
    }

    // MARK: Persons

    private static let born: [[Word]] = [["sinh", "ngày"], ["ngày", "sinh"]]
    /// Other words that end with "sinh": nobody is born.
    private static let notBorn: Set<Word> = ["phát", "tái", "khai", "nảy", "học", "thí", "vệ", "hy", "hi"]

    private func birth(at index: Int) -> String? {
        guard let end = end(ofOne: Self.born, at: index), !isOne(index - 1, of: Self.notBorn) else { return nil }
        let place = isMark(end, ":") ? end + 1 : end
        guard let first = number(place) else { return nil }
        let isDay = first.count <= 2 && (isMark(place + 1, "/-.") || isWord(place + 1, "tháng"))
        // The year first, as computers write it.
        let isYear = first.count == 4 && isMark(place + 1, "/-.") && number(place + 2).map { $0.count <= 2 } == true
        return isDay || isYear ? "ngày …" : nil
    }

    /// Words for a party, or for a child.
    private static let parties: [[Word]] = [
        ["bị", "cáo"], ["bị", "can"], ["bị", "hại"], ["bị", "án"], ["bị", "đơn"], ["nguyên", "đơn"], ["đương", "sự"],
        ["nạn", "nhân"], ["làm", "chứng"], ["buộc", "tội"], ["phạm", "tội"], ["khởi", "kiện"], ["xâm", "hại"],
        ["được", "trợ", "giúp", "pháp", "lý"], ["được", "TGPL"], ["khuyết", "tật"], ["thành", "niên"], ["cháu"], ["em"],
    ]
    private static let children: Set<Word> = ["trẻ", "anh", "chị", "các", "đàn"]
    private static let between: Set<Word> = ["là", "ông", "bà", "anh", "chị", "cháu", "em", "tên"]
    /// Family names of the peoples of Việt Nam, above all of its north; a name that begins otherwise is one of a place, an
    /// office or a law more often than not.
    private static let families: Set<Word> = [
        "nguyễn", "trần", "lê", "phạm", "huỳnh", "hoàng", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
        "dương", "lý", "đinh", "đoàn", "trịnh", "trương", "mai", "tô", "tạ", "cao", "châu", "lưu", "thái", "tăng",
        "kiều", "quách", "thân", "lâm", "vương", "phùng", "hà", "lương", "vi", "văn", "nghiêm", "khuất", "khổng",
        "chu", "doãn", "cù", "đào", "đậu", "giáp", "hứa", "kim", "lã", "lữ", "mạc", "nhâm", "nhữ", "ninh", "phương",
        "sầm", "tiêu", "tống", "triệu", "ứng", "âu", "bạch", "bành", "bế", "biện", "cấn", "chử", "dư", "đàm", "đới",
        "hạ", "hàn", "hầu", "khúc", "khưu", "la", "liễu", "lò", "lộc", "long", "lục", "lường", "ma", "mã", "mông",
        "nông", "phí", "phù", "quàng", "sái", "sùng", "thào", "thạch", "thẩm", "tòng", "tôn", "vàng", "vừ", "xồng",
        "giàng", "hạng", "hảng", "lầu", "lù", "lỳ", "ly", "mùa", "tẩn", "tráng", "chảo", "phàn", "bàn", "cư", "cứ",
        "đèo", "cầm", "cà", "lèng", "cháng", "thiều", "tưởng", "ung", "uông", "xa", "tằng", "tề", "trầm", "lăng",
        "khà", "hờ", "sín", "sì", "tếnh",
    ]
    /// Places that begin like a family name.
    private static let places: Set<[Word]> = [
        ["hà", "nội"], ["hà", "giang"], ["hà", "nam"], ["hà", "tĩnh"], ["cao", "bằng"], ["cao", "lộc"],
        ["lộc", "bình"],
        ["lâm", "đồng"], ["thái", "bình"], ["thái", "nguyên"], ["hồ", "chí"], ["long", "an"], ["ninh", "bình"],
        ["ninh", "thuận"], ["văn", "lãng"], ["văn", "quan"], ["kim", "bôi"], ["la", "hiên"], ["thạch", "an"],
    ]
    /// The longest names are not longer.
    private static let mostWords = 6
    /// Words and marks that may stand between a party and its name.
    private static let mostBetween = 5

    /// A name of two words and more behind the word for a party; one that ends with a letter is masked already.
    private func name(at index: Int) -> String? {
        guard var place = end(ofOne: Self.parties, at: index),
            !isWord(index, "em") || !isOne(index - 1, of: Self.children)
        else { return nil }
        for _ in 0..<Self.mostBetween where isBetween(place) { place += 1 }
        let (family, next) = (small(place), small(place + 1))
        guard Self.families.contains(family), !Self.places.contains([family, next]) else { return nil }
        var words: [Piece] = []
        while let word = piece(place), isCapital(place), words.isEmpty || word.isApart, words.count < Self.mostWords {
            words.append(word)
            place += 1
        }
        func isWhole(_ word: Piece) -> Bool { word.count > Self.length(octets[word.start]) }
        guard words.count >= 2, let first = words.first, let last = words.last, isWhole(first), isWhole(last) else {
            return nil
        }
        return words.map { String(text($0).prefix(1)) + "." }.joined(separator: " ")
    }

    /// A word in small letters throughout: names may be written in capitals.
    private func small(_ index: Int) -> Word {
        piece(index).map { Word(Array(text($0).lowercased().utf8)[...]) } ?? .none
    }

    /// Forms of address, quotation marks, emphasis; not what ends a sentence or begins another thing.
    private func isBetween(_ index: Int) -> Bool {
        guard let piece = piece(index) else { return false }
        return piece.shape == .mark ? !isMark(index, ".,;!?/)") : isOne(index, of: Self.between) && !isCapital(index)
    }
}
