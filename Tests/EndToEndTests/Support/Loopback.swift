import Foundation
import Glibc
import Testing

/// A port of this machine; 0 for any that is free.
func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
}

/// Lets a socket listen on a free port of this machine, and says on which.
func listenOnLoopback(_ descriptor: Int32) throws -> Int {
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(isBound, "\(String(cString: strerror(errno)))")
    return Int(UInt16(bigEndian: address.sin_port))
}
