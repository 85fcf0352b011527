import ReviewProtocol
import ReviewServer
import Testing

/// Whoever has to change an option is told where it stands.
@Suite struct OptionPlaceTests {
    private static let option = "body=8388608"
    private static let file = """
        # Đổi xong: systemctl restart phanbiend
        PHANBIEN_OPTIONS=--listen 0.0.0.0:7443 --limit body=8388608
        PHANBIEN_BACKUPS=14

        """

    private func place(_ options: String?, _ file: String?, isService: Bool = true) -> OptionPlace {
        var environment: [String: String] = isService ? ["INVOCATION_ID": "5c7e"] : [:]
        environment["PHANBIEN_OPTIONS"] = options
        return OptionPlace(of: Self.option, environment: environment, file: file)
    }

    @Test(arguments: [
        "--listen 0.0.0.0:7443 --limit body=8388608", "--limit=body=8388608 --loops 2", "--limit 'body=8388608'",
    ])
    func whatTheUnitPassesOnIsLookedForInTheFileOfOptions(options: String) {
        let file = Self.file.replacing("--listen 0.0.0.0:7443 --limit body=8388608", with: options)
        #expect(place(options, file) == .optionsFile(line: 2))
        #expect(place(options, "#PHANBIEN_OPTIONS=\(options)\n") == .environment, "a remark")
        #expect(place(options, "PHANBIEN_OPTIONS=--limit line=4000\n") == .environment)
        #expect(place(options, nil) == .environment)
    }

    @Test func otherwiseItIsTheUnitsOwnOrWasTyped() {
        #expect(place(nil, Self.file) == .unit)
        #expect(place("--limit body=83886080", Self.file) == .unit, "another value")
        #expect(place(nil, Self.file, isService: false) == .commandLine)
    }

    @Test func theAdviceNamesThePlaceAndTheCommands() {
        #expect(OptionPlace.commandLine.advice == nil)
        let places: [(OptionPlace, [String])] = [
            (.optionsFile(line: 2), ["/etc/phanbien/phanbiend.conf", " 2 ", "systemctl start phanbiend"]),
            (.environment, ["PHANBIEN_OPTIONS", "systemctl cat phanbiend", "systemctl edit phanbiend"]),
            (.unit, ["ExecStart", "systemctl cat phanbiend", "systemctl edit phanbiend", "systemctl start phanbiend"]),
        ]
        for (place, words) in places {
            for text in [place.advice?.vietnamese ?? "", place.advice?.english ?? ""] {
                for word in words { #expect(text.contains(word), "\(word): \(text)") }
            }
        }
    }
}
