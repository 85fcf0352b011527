/// One connection between a desk and the server: octets in order, cut and merged anywhere, until it breaks.
struct Link {
    /// Octets on their way in one direction.
    struct Pipe {
        var octets: [UInt8] = []
        /// Whether the next movement is scheduled.
        var isMoving = false
    }

    let desk: Int
    /// The server process that it was made with.
    let process: Int
    var toServer = Pipe()
    var toClient = Pipe()
    /// Nothing moves any more; both sides notice sooner or later.
    var isCut = false
    /// The server closes when its last octets are read.
    var closesWhenRead = false
    /// Whether the client still uses it.
    var isClients = true

    /// Above this the server's socket takes no more.
    static let highWatermark = 3_000
    /// Below this it takes more again.
    static let lowWatermark = 1_000
}
