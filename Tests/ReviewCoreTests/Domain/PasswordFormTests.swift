import Testing

@testable import ReviewCore

@Suite struct PasswordFormTests {
    @Test func aPasswordIsTheSameHoweverItsLettersWereTyped() {
        let composed = Array("mật khẩu ế".utf8)
        let decomposed = Array("ma\u{302}\u{323}t kha\u{302}\u{309}u e\u{302}\u{301}".utf8)
        #expect(composed != decomposed)
        #expect(PasswordForm.octets(composed) == PasswordForm.octets(decomposed))
        #expect(PasswordForm.octets(composed) == composed)
    }

    @Test func otherOctetsStayAsTheyAre() {
        #expect(PasswordForm.octets([0xFF, 0xFE, 0x41]) == [0xFF, 0xFE, 0x41])
        #expect(PasswordForm.octets(Array("plain \u{7F}".utf8)) == Array("plain \u{7F}".utf8))
    }

    @Test(
        "The bounds hold for the form that is hashed, however it was typed",
        arguments: [(4, false), (5, true), (125, true), (126, false)])
    func boundsHoldForTheForm(_ letters: Int, _ isAllowed: Bool) {
        // One letter of three octets, or of five as it is typed on other keyboards.
        for letter in ["ế", "e\u{302}\u{301}"] {
            let password = String(repeating: "a", count: letters) + letter
            #expect(PasswordForm.allows(Array(password.utf8)) == isAllowed, "\(letter.utf8.count)")
        }
    }
}
