import Foundation
import Glibc
import ReviewTestKit

/// What a disk holds after the power was cut, computed from the journal that faults.c kept: the classical model.
///
/// What was synced is there. Of what was written since, any part may be there, in any order, cut at any sector. New,
/// renamed and removed names come in order, and are certain once the folder was synced.
final class PowerCut {
    /// How much survives of what was not synced.
    enum Survival: String, CaseIterable {
        case nothing, sectors, pages, oneTorn, everything
    }

    /// One file: its certain octets lie in a file of their own, the rest is in `pending`.
    private struct Object {
        let descriptor: Int32
        let path: String
        var pending: [Change] = []
    }

    private enum Change {
        case write(offset: Int, place: Range<Int>)
        case truncate(Int)
    }

    private enum Entry {
        case link(String, Int)
        case unlink(String)
        case rename(String, String)
    }

    private let scratch: Scratch
    private let folder: String
    private var objects: [Object] = []
    /// Names that are certain, and those that the running system sees.
    private var certain: [String: Int] = [:]
    private var live: [String: Int] = [:]
    private var entries: [Entry] = []
    private var byInode: [UInt64: Int] = [:]
    private var journal = Data()
    private(set) var syncs = 0

    /// Takes what lies in a folder for certain; nobody may be writing there.
    init(folder: String) throws {
        self.folder = folder
        scratch = try Scratch()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            var status = stat()
            guard stat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            let object = try make()
            let octets = try Data(contentsOf: URL(filePath: folder + "/" + name))
            write(octets, to: object, at: 0)
            certain[name] = object
            byInode[UInt64(status.st_ino)] = object
        }
        live = certain
    }

    deinit { for object in objects { close(object.descriptor) } }

    private func make() throws -> Int {
        let path = scratch.path("\(objects.count)")
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LineReader.TimedOut(description: "\(path): \(errno)") }
        objects.append(Object(descriptor: descriptor, path: path))
        return objects.count - 1
    }

    private func write(_ octets: Data, to object: Int, at offset: Int) {
        octets.withUnsafeBytes { _ = pwrite(objects[object].descriptor, $0.baseAddress, $0.count, off_t(offset)) }
    }

    /// Follows the journal to its end, which may be in the middle of an entry when its process was killed.
    func follow(_ path: String) throws {
        journal = (try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)) ?? Data()
        var place = 0
        while place + 32 <= journal.count {
            func word(_ number: Int) -> UInt64 {
                journal.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place + 8 * number, as: UInt64.self) }
            }
            let (kind, inode, offset, length) = (word(0), word(1), Int(word(2)), Int(word(3)))
            let octets = place + 32..<place + 32 + length
            guard octets.upperBound <= journal.count else { break }
            try take(kind, inode, offset, octets)
            place = octets.upperBound
        }
    }

    private func take(_ kind: UInt64, _ inode: UInt64, _ offset: Int, _ octets: Range<Int>) throws {
        let text = String(decoding: kind == 4 ? Data() : journal[octets], as: UTF8.self)
        switch kind {
        case 1:
            let object = try make()
            byInode[inode] = object
            live[text] = object
            entries.append(.link(text, object))
        case 2:
            live[text] = nil
            entries.append(.unlink(text))
        case 3:
            let names = text.split(separator: "/").map(String.init)
            guard names.count == 2 else { return }
            live[names[1]] = live.removeValue(forKey: names[0])
            entries.append(.rename(names[0], names[1]))
        case 4: if let object = byInode[inode] { objects[object].pending.append(.write(offset: offset, place: octets)) }
        case 5: if let object = byInode[inode] { objects[object].pending.append(.truncate(offset)) }
        case 6:
            guard let object = byInode[inode] else { return }
            syncs += 1
            for change in objects[object].pending { apply(change, to: object) }
            objects[object].pending = []
        case 7:
            syncs += 1
            for entry in entries { apply(entry, to: &certain) }
            entries = []
        default: break
        }
    }

    private func apply(_ change: Change, to object: Int) {
        switch change {
        case .write(let offset, let place): write(journal[place], to: object, at: offset)
        case .truncate(let size): ftruncate(objects[object].descriptor, off_t(size))
        }
    }

    private func apply(_ entry: Entry, to names: inout [String: Int]) {
        switch entry {
        case .link(let name, let object): names[name] = object
        case .unlink(let name): names[name] = nil
        case .rename(let old, let new): if let object = names.removeValue(forKey: old) { names[new] = object }
        }
    }

    /// Cuts the power: puts what the disk would hold into the folder, in place of what is there.
    func cut(_ survival: Survival, _ dice: inout SplitMix64) throws {
        for object in objects.indices { survive(object, survival, &dice) }
        let kept: Int
        switch survival {
        case .nothing: kept = 0
        case .everything: kept = entries.count
        case .sectors, .pages, .oneTorn: kept = Int(dice.next() % UInt64(entries.count + 1))
        }
        for entry in entries.prefix(kept) { apply(entry, to: &certain) }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
        for (name, object) in certain.sorted(by: { $0.key < $1.key }) {
            // Memory that processes share is no file to rely on: whatever stands there has to do no harm.
            if name.hasSuffix("-shm"), survival != .everything {
                let noise = Data((0..<32_768).map { _ in UInt8(truncatingIfNeeded: dice.next()) })
                if dice.next() % 2 == 0 { try noise.write(to: URL(filePath: folder + "/" + name)) }
                continue
            }
            try FileManager.default.copyItem(atPath: objects[object].path, toPath: folder + "/" + name)
        }
    }

    private func survive(_ object: Int, _ survival: Survival, _ dice: inout SplitMix64) {
        let pending = objects[object].pending
        objects[object].pending = []
        let torn = Int(dice.next() % UInt64(pending.count + 1))
        for (number, change) in pending.enumerated() {
            switch (survival, change) {
            case (.nothing, _): return
            case (.everything, _): apply(change, to: object)
            case (.oneTorn, .write(let offset, let place)):
                // Everything up to some write, of that one a beginning, nothing after.
                if number < torn { apply(change, to: object) }
                guard number == torn else { continue }
                let half = place.lowerBound..<place.lowerBound + Int(dice.next() % UInt64(place.count + 1))
                apply(.write(offset: offset, place: half), to: object)
            case (.oneTorn, .truncate): if number <= torn { apply(change, to: object) }
            case (.sectors, .truncate), (.pages, .truncate): if dice.next() % 2 == 0 { apply(change, to: object) }
            case (.sectors, .write(let offset, let place)): scatter(offset, place, 512, object, &dice)
            case (.pages, .write(let offset, let place)): scatter(offset, place, 4_096, object, &dice)
            }
        }
    }

    /// Some pieces of a write reach the disk and some do not, whatever their order.
    private func scatter(_ offset: Int, _ place: Range<Int>, _ size: Int, _ object: Int, _ dice: inout SplitMix64) {
        var start = 0
        while start < place.count {
            let end = min((offset + start) / size * size + size - offset, place.count)
            if dice.next() % 2 == 0 {
                let piece = place.lowerBound + start..<place.lowerBound + end
                apply(.write(offset: offset + start, place: piece), to: object)
            }
            start = end
        }
    }
}
