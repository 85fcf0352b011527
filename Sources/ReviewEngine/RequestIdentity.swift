import ReviewDigest
import ReviewProtocol

extension Call {
    /// SHA-256 of what the request asks for: the same under another tag or with its pairs in another order,
    /// different for any other value or body.
    ///
    /// It tells a repeated request from another one under the same key (specification §4). It is stored with the reply, so
    /// passwords are no part of it: a quick hash of one would undo the slow hash that they are kept as.
    var identity: String {
        var stream = DigestStream()
        func add(_ text: String) {
            stream.update(length: text.utf8.count)
            stream.update(text)
        }
        add(form.name)
        for case .word(let name, _) in form.pattern {
            add(name)
            add(optionalWord(name) ?? "")
        }
        for case .optionalWord(let name, _) in form.pattern {
            guard let value = optionalWord(name) else { continue }
            add(name)
            add(value)
        }
        // The order is that of the verb table, so the order on the wire does not matter.
        for case .pair(let key, _, _) in form.pattern where key != "key" && key != "dry-run" {
            guard let value = pair(key) else { continue }
            add(key)
            add(value)
        }
        if let octets, form.act != .write(.changePassword) {
            stream.update(length: octets.count)
            stream.update(octets)
        } else {
            stream.update(length: -1)
        }
        return stream.finish().description
    }
}
