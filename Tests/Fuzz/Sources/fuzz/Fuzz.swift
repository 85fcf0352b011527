import FuzzTargets
import Glibc

/// libFuzzer's driver, which brings no header.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The target that FUZZ_TARGET names.
///
/// Not an argument: libFuzzer starts itself anew with its own arguments when it merges.
private let target: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget.named(name) else {
        say("FUZZ_TARGET must be one of: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        exit(64)
    }
    return target
}()

private func say(_ text: String) {
    _ = (text + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
}

/// The package manager gives the program's entry this name when no file is a main file.
@_cdecl("fuzz_main")
func fuzzMain(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
    if count == 2, let argument = arguments[1], strcmp(argument, "--targets") == 0 {
        for target in FuzzTarget.all { print("\(target.name) \(target.maximumOctets)") }
        return 0
    }
    _ = target
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments) { octets, count in
        do throws(Finding) {
            try target.run(Array(UnsafeBufferPointer(start: octets, count: count)))
        } catch {
            say("FINDING in \(target.name): \(error)")
            abort()
        }
        return 0
    }
}
