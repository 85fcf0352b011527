import ReviewCore
import ReviewEngine

/// What goes wrong from outside: the disk, the clock, the network, the process.
extension Simulation {
    func trouble() {
        timeline.after(dice.between(800, 9_000), .trouble)
        report.figures.faults += 1
        switch dice.below(100) {
        case ..<30:
            disk.trouble = dice.pick([.full, .readOnly, .broken, .halfwayStored, .halfwayLost]) ?? .full
            note("the disk is \(disk.trouble)")
            timeline.after(dice.between(100, 2_500), .mend)
        case ..<45:
            note("the disk cannot be read")
            disk.isUnreadable = true
            timeline.after(dice.between(50, 800), .mend)
        case ..<60: jump()
        case ..<72:
            guard server.isUp else { return }
            report.marks.hit(.crashAtRest)
            crash()
        case ..<80: timeline.after(0, .stop)
        case ..<88: admitStranger()
        default:
            let some = dice.chance(30) ? 100 : 25
            for link in links.indices where !links[link].isCut && links[link].isClients && dice.chance(some) {
                cut(link)
            }
        }
    }

    /// Somebody connects who is no client of ours: a browser, a scanner, somebody who guesses passwords or just sits there.
    private func admitStranger() {
        guard server.isUp, let desk = desks.firstIndex(where: { $0.person == Cast.stranger }) else { return }
        links.append(Link(desk: desk, process: server.number))
        let link = links.count - 1
        connect(link)
        let words = [
            "GET / HTTP/1.1\r\nHost: phanbien\r\n\r\n", "LOGIN bich <\n",
            "LOGIN bich <\nsai\nLOGIN bich <\nsai lan nua\n",
            "HELP\nPING\nSHOW 2025-1@1\nWATCH\n", "AUTH TOKEN {8}\n12345678", "\u{0}\u{1}\u{2}\nXYZ\n", "",
            "COMMENT 2025-1@1 kind=content level=must key=op1 <<\nKhông ai cả.\n.\n",
        ]
        writeToServer(link, Array((dice.pick(words) ?? "").utf8))
    }

    /// Somebody sets the clock.
    private func jump() {
        let forward = dice.chance(60)
        let far = dice.pick([2_000, 70_000, 3_600_000, 50_000_000]) ?? 2_000
        let distance = dice.between(1, Int64(far))
        clock.jump(milliseconds: forward ? distance : -distance)
        report.marks.hit(forward ? .clockForward : .clockBackward)
        note("the clock jumps by \(forward ? distance : -distance) ms", Int(distance))
    }

    func mend() {
        disk.trouble = .none
        disk.isUnreadable = false
    }
}
