import Foundation
import Testing

/// A server that runs on prepared data, and a home of its own for the built client, with everybody's password beside it.
struct ClientHome {
    let server: ServerProcess
    let scratch: Scratch

    /// - Parameter people: who is logged in there.
    init(copying prepared: Scratch? = nil, loggedIn people: [String] = []) throws {
        server = try ServerProcess(copying: prepared ?? Prepared.founded.get())
        try server.start()
        scratch = try Scratch()
        _ = try scratch.write(ServerProcess.password + "\n", "mat-khau")
        for person in people {
            let outcome = try client(login(person))
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
    }

    var environment: [String: String] {
        [
            "PHANBIEN_HOME": scratch.path("home"), "PHANBIEN_PASSWORD_FILE": scratch.path("mat-khau"),
            "LC_ALL": "C.UTF-8",
        ]
    }

    /// The words with which a person logs in.
    func login(_ person: String) -> [String] {
        ["login", "localhost:\(server.port)", person, "--ca", server.authority]
    }

    func client(_ words: [String]) throws -> Outcome { try run(Programs.client, words, environment: environment) }
}
