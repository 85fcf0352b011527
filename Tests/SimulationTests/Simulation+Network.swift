import ReviewClient
import ReviewEngine

/// The network: every link delays, cuts and merges octets, and may break at any of them.
extension Simulation {
    /// A desk wants a connection.
    func makeLink(_ desk: Int) {
        links.append(Link(desk: desk, process: server.number))
        desks[desk].link = links.count - 1
        timeline.after(dice.between(1, 30), .connect(link: links.count - 1))
    }

    func connect(_ link: Int) {
        guard links[link].isClients else { return }
        guard isAlive(links[link].process), !server.isStopping else {
            report.marks.hit(.connectionRefused)
            links[link].isCut = true
            return clientNotices(link)
        }
        report.figures.connections += 1
        note("\(desks[links[link].desk].person) connects as \(link)", link)
        let desk = desks[links[link].desk]
        openAtServer(link, address: "desk of \(desk.place ?? desk.person)", certificate: desk.certificate)
        tell(links[link].desk, .connected)
    }

    // MARK: Octets

    func writeToServer(_ link: Int, _ octets: [UInt8]) {
        guard !links[link].isCut else { return }
        links[link].toServer.octets += octets
        moveToServer(link)
    }

    func moveToServer(_ link: Int) {
        guard !links[link].toServer.isMoving, !links[link].toServer.octets.isEmpty, !links[link].isCut else { return }
        links[link].toServer.isMoving = true
        timeline.after(dice.between(0, 15), .flowToServer(link: link))
    }

    func moveToClient(_ link: Int) {
        guard !links[link].toClient.isMoving, !links[link].isCut else { return }
        guard !links[link].toClient.octets.isEmpty || links[link].closesWhenRead else { return }
        guard !desks[links[link].desk].isSlow else { return }
        links[link].toClient.isMoving = true
        timeline.after(dice.between(0, 15), .flowToClient(link: link))
    }

    /// How many octets arrive now, and whether the connection breaks behind them.
    private func portion(_ count: Int) -> (count: Int, breaks: Bool) {
        let breaks = !isWindingDown && dice.chance(perMille: 7)
        if breaks { return (dice.below(count + 1), true) }
        return (dice.chance(70) ? count : 1 + dice.below(count), false)
    }

    func flowToServer(_ link: Int) {
        links[link].toServer.isMoving = false
        guard !links[link].isCut, !links[link].toServer.octets.isEmpty else { return }
        guard isAlive(links[link].process), readsFrom(link) else { return }
        let whole = links[link].toServer.octets.count
        let (count, breaks) = portion(whole)
        let octets = Array(links[link].toServer.octets.prefix(count))
        links[link].toServer.octets.removeFirst(count)
        if count > 0 { arrive(link, octets) }
        if breaks {
            if count < whole { report.marks.hit(.cutInsideRequest) }
            cut(link)
        } else {
            moveToServer(link)
        }
    }

    func flowToClient(_ link: Int) {
        links[link].toClient.isMoving = false
        let desk = links[link].desk
        guard !links[link].isCut, !desks[desk].isSlow else { return }
        let whole = links[link].toClient.octets.count
        if whole > 0 {
            let (count, breaks) = portion(whole)
            let octets = Array(links[link].toClient.octets.prefix(count))
            links[link].toClient.octets.removeFirst(count)
            drainIfRead(link)
            if count > 0, links[link].isClients { tell(desk, .received(octets)) }
            if breaks {
                if count < whole { report.marks.hit(.cutInsideReply) }
                return cut(link)
            }
        }
        if links[link].closesWhenRead, links[link].toClient.octets.isEmpty {
            links[link].isCut = true
            timeline.after(dice.between(0, 10), .clientNotices(link: link))
            timeline.after(dice.between(0, 10), .serverNotices(link: link))
            return
        }
        moveToClient(link)
        if !isWindingDown, !desks[desk].isSlow, dice.chance(perMille: 12) {
            note("\(desks[desk].person) stops reading")
            desks[desk].isSlow = true
            timeline.after(dice.between(500, 20_000), .readAgain(desk: desk))
        }
    }

    // MARK: Ends

    /// The connection breaks.
    ///
    /// Each side notices in its own time; the server may believe in it for a while.
    func cut(_ link: Int) {
        guard !links[link].isCut else { return }
        note("link \(link) of \(desks[links[link].desk].person) breaks", link)
        report.figures.faults += 1
        links[link].isCut = true
        timeline.after(dice.between(1, 200), .clientNotices(link: link))
        timeline.after(dice.chance(80) ? dice.between(1, 300) : dice.between(1_000, 30_000), .serverNotices(link: link))
    }

    /// The client lets the connection go.
    func letGo(_ link: Int) {
        links[link].isClients = false
        guard !links[link].isCut else { return }
        links[link].isCut = true
        timeline.after(dice.between(1, 100), .serverNotices(link: link))
    }

    func serverNotices(_ link: Int) {
        guard isAlive(links[link].process), server.connections.removeValue(forKey: link) != nil else { return }
        submit(.closed(ConnectionID(UInt64(link))))
        endIfDone()
    }

    func clientNotices(_ link: Int) {
        guard links[link].isClients else { return }
        links[link].isClients = false
        let desk = links[link].desk
        guard desks[desk].link == link else { return }
        desks[desk].link = nil
        tell(desk, .disconnected(reason: "simulated", jitter: dice.jitter()))
    }
}
