public import ReviewProtocol

/// Where an option of the server's command line stands, for whoever has to change it: under systemd nobody typed it.
public enum OptionPlace: Sendable, Equatable {
    /// Somebody typed it, or a script did.
    case commandLine
    /// `PHANBIEN_OPTIONS` in the package's file of options, on this line.
    case optionsFile(line: Int)
    /// `PHANBIEN_OPTIONS`, set elsewhere: a drop-in of the unit.
    case environment
    /// The unit's own command, changed by a drop-in.
    case unit

    /// The file that the package brings, which the unit reads.
    public static let file = "/etc/phanbien/phanbiend.conf"

    /// Looks for an option.
    ///
    /// - Parameters:
    ///   - option: as it was given, such as `body=8388608`.
    ///   - environment: of this process: `PHANBIEN_OPTIONS` comes from the unit, `INVOCATION_ID` from systemd.
    ///   - text: what the file of options holds; nil where it cannot be read.
    public init(of option: String, environment: [String: String], file text: String?) {
        func holds(_ words: Substring) -> Bool {
            words.split { $0.isWhitespace || $0 == "\"" || $0 == "'" }
                .contains { $0 == option || $0.hasSuffix("=" + option) }
        }
        guard holds((environment["PHANBIEN_OPTIONS"] ?? "")[...]) else {
            self = environment["INVOCATION_ID"] == nil ? .commandLine : .unit
            return
        }
        let lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        let place = lines.lastIndex { $0.hasPrefix("PHANBIEN_OPTIONS=") && holds($0.dropFirst(17)) }
        self = place.map { .optionsFile(line: $0 + 1) } ?? .environment
    }

    /// Where to change it, and how it takes effect; nil where whoever typed it knows.
    public var advice: Bilingual? {
        let restart = Bilingual("rồi: systemctl start phanbiend", "then: systemctl start phanbiend")
        let cat = "systemctl cat phanbiend"
        return switch self {
        case .commandLine: nil
        case .optionsFile(let line):
            Bilingual(
                "Tùy chọn này ở \(Self.file), dòng \(line) (PHANBIEN_OPTIONS): sửa ở đó, \(restart.vietnamese)",
                "The option stands in \(Self.file), line \(line) (PHANBIEN_OPTIONS): change it there, \(restart.english)"
            )
        case .environment:
            Bilingual(
                "Tùy chọn này ở biến PHANBIEN_OPTIONS của dịch vụ (xem: \(cat); tệp tùy chọn: \(Self.file)): sửa bằng systemctl edit phanbiend, \(restart.vietnamese)",
                "The option stands in the unit's PHANBIEN_OPTIONS (see: \(cat); file of options: \(Self.file)): change it by systemctl edit phanbiend, \(restart.english)"
            )
        case .unit:
            Bilingual(
                "Tùy chọn này ở dòng ExecStart của dịch vụ (xem: \(cat)): sửa bằng systemctl edit phanbiend, \(restart.vietnamese)",
                "The option stands in the unit's ExecStart (see: \(cat)): change it by systemctl edit phanbiend, \(restart.english)"
            )
        }
    }
}
