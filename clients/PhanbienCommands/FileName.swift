/// The names of files that people bring and take away.
enum FileName {
    /// Octets of a name with its ending: room is left for a number behind it.
    private static let most = 200
    private static let ending = ".docx"
    /// What a file system gives a meaning of its own.
    private static let reserved: Set<Unicode.Scalar> = ["<", ">", ":", "\"", "|", "?", "*"]
    /// What stands for a device on Windows, whatever its ending is.
    private static let devices: Set<String> = Set(
        ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })

    /// The name of a Word file that lay at a path, or that somebody else gave it: one that every machine takes, that shows
    /// as it is, and that never leads out of its folder.
    ///
    /// - Parameter otherwise: what it is called when nothing is left of its own name.
    static func ofWord(_ path: String, otherwise: String) -> String {
        let last = path.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last ?? []
        var scalars = String.UnicodeScalarView()
        for scalar in last where !isInvisible(scalar) {
            let isBlank = scalar.properties.generalCategory == .spaceSeparator
            if isBlank, scalars.last == " " { continue }
            scalars.append(isBlank ? " " : reserved.contains(scalar) ? "-" : scalar)
        }
        var stem = String(scalars)
        if stem.lowercased().hasSuffix(ending) { stem = String(stem.unicodeScalars.dropLast(ending.count)) }
        stem = trimmed(stem)
        if devices.contains(stem.prefix { $0 != "." }.lowercased()) { stem = "_" + stem }
        while stem.utf8.count > most - ending.utf8.count { stem.removeLast() }
        stem = trimmed(stem)
        if stem.isEmpty { stem = otherwise }
        return stem + ending
    }

    /// Without what hides a file, or makes an option or a home folder of it, in front, and what Windows cuts off behind.
    private static func trimmed(_ stem: String) -> String {
        var scalars = stem.unicodeScalars[...]
        while let first = scalars.first, [" ", ".", "-", "~"].contains(first) { scalars.removeFirst() }
        while let last = scalars.last, [" ", "."].contains(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// Whether a character does not show, or changes how others do.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}

/// How large files are.
package enum FileSize {
    /// The size of a file in short.
    package static func words(_ octets: Int) -> String {
        octets < 10_240 ? "\(octets) byte" : octets < 10_485_760 ? "\(octets / 1024) KB" : "\(octets / 1_048_576) MB"
    }
}
