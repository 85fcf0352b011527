import ReviewDigest
import Testing

@Suite struct MerkleTreeTests {
    /// The leaves, roots and proofs of certificate-transparency's own tests (merkle_tree_test.cc).
    private static let leaves = [
        "", "\0", "\u{10}", " !", "01", "@ABC", "PQRSTUVW", "`abcdefghijklmno",
    ].map { MerkleTree.leaf($0) }

    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    private static func hash(_ range: Range<Int64>, _ leaves: [Digest] = leaves) -> Digest {
        MerkleTree.root(of: leaves[Int(range.lowerBound)..<Int(range.upperBound)])
    }

    @Test func publishedRoots() {
        #expect(
            MerkleTree.root(of: []).description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for size in 1...8 {
            #expect(MerkleTree.root(of: Self.leaves.prefix(size)).description == Self.roots[size - 1], "\(size)")
        }
    }

    static let paths: [(index: Int64, size: Int64, path: [String])] = [
        (0, 1, []),
        (
            0, 8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        ),
        (
            5, 8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1, 5,
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ]
        ),
    ]

    @Test(arguments: paths.indices) func publishedInclusion(place: Int) {
        let (index, size, expected) = Self.paths[place]
        let path = MerkleTree.inclusion(of: index, in: size).map { Self.hash($0) }
        #expect(path.map(\.description) == expected)
        let root = MerkleTree.root(leaf: Self.leaves[Int(index)], at: index, in: size, path: path)
        #expect(root?.description == Self.roots[Int(size) - 1])
    }

    static let continuations: [(old: Int64, size: Int64, path: [String])] = [
        (1, 1, []),
        (
            1, 8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        ),
        (
            6, 8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        ),
        (
            2, 5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ]
        ),
    ]

    @Test(arguments: continuations.indices) func publishedConsistency(place: Int) {
        let (old, size, expected) = Self.continuations[place]
        let path = MerkleTree.consistency(from: old, to: size).map { Self.hash($0) }
        #expect(path.map(\.description) == expected)
        #expect(
            MerkleTree.isConsistent(from: old, Self.hash(0..<old), to: size, Self.hash(0..<size), path: path))
    }

    // MARK: Every small tree

    private static let many = (0..<70).map { MerkleTree.leaf("lá số \($0)") }
    private static let allRoots = (0...70).map { MerkleTree.root(of: many.prefix($0)) }

    /// One bit of one hash the other way round.
    private func flipped(_ digest: Digest, _ bit: Int) -> Digest {
        var octets = digest.octets
        octets[bit / 8 % 32] ^= 1 << UInt8(bit % 8)
        return Digest(octets: octets) ?? digest
    }

    @Test func everyLeafOfEverySmallTreeIsProvedAndNothingElse() {
        for size in Int64(1)...70 {
            let root = Self.allRoots[Int(size)]
            for index in 0..<size {
                let path = MerkleTree.inclusion(of: index, in: size).map { Self.hash($0, Self.many) }
                let leaf = Self.many[Int(index)]
                func leads(_ leaf: Digest, _ index: Int64, _ size: Int64, _ path: [Digest]) -> Bool {
                    MerkleTree.root(leaf: leaf, at: index, in: size, path: path) == root
                }
                #expect(leads(leaf, index, size, path), "\(index) of \(size)")
                // The same hashes for another place or another size are another tree.
                #expect(!leads(leaf, index + 1, size, path) && !leads(leaf, index - 1, size, path))
                for wrong in [-1, size, .max, .min] as [Int64] { #expect(!leads(leaf, wrong, size, path)) }
                #expect(!leads(leaf, index, 0, path) && !leads(leaf, index, .min, path))
                #expect(!leads(flipped(leaf, Int(index)), index, size, path))
                #expect(!leads(leaf, index, size, path + [root]))
                if !path.isEmpty { #expect(!leads(leaf, index, size, Array(path.dropLast()))) }
                for place in path.indices {
                    var wrong = path
                    wrong[place] = flipped(wrong[place], Int(index) * 7 + place)
                    #expect(!leads(leaf, index, size, wrong))
                }
            }
        }
    }

    @Test func everyBeginningOfEverySmallTreeIsProvedAndNothingElse() {
        for size in Int64(1)...70 {
            let root = Self.allRoots[Int(size)]
            for old in 1...size {
                let path = MerkleTree.consistency(from: old, to: size).map { Self.hash($0, Self.many) }
                let before = Self.allRoots[Int(old)]
                #expect(MerkleTree.isConsistent(from: old, before, to: size, root, path: path), "\(old) to \(size)")
                #expect(!MerkleTree.isConsistent(from: old, flipped(before, Int(old)), to: size, root, path: path))
                #expect(!MerkleTree.isConsistent(from: old, before, to: size, flipped(root, Int(old)), path: path))
                #expect(!MerkleTree.isConsistent(from: old, before, to: size, root, path: path + [root]))
                for wrong in [0, -1, size + 1, .max, .min] as [Int64] {
                    #expect(!MerkleTree.isConsistent(from: wrong, before, to: size, root, path: path))
                }
                for wrong in [0, -1, .min] as [Int64] {
                    #expect(!MerkleTree.isConsistent(from: old, before, to: wrong, root, path: path))
                }
                for place in path.indices {
                    var wrong = path
                    wrong[place] = flipped(wrong[place], Int(old) * 5 + place)
                    #expect(!MerkleTree.isConsistent(from: old, before, to: size, root, path: wrong))
                    wrong.remove(at: place)
                    #expect(!MerkleTree.isConsistent(from: old, before, to: size, root, path: wrong))
                }
            }
        }
    }

    /// Whoever rewrote an event cannot prove that the log continues the checkpoint of before.
    @Test func noOtherBeginningIsProved() {
        for changed in 0..<20 {
            var other = Array(Self.many.prefix(33))
            other[changed] = MerkleTree.leaf("khác")
            let path = MerkleTree.consistency(from: 20, to: 33).map { Self.hash($0, other) }
            let root = MerkleTree.root(of: other)
            #expect(!MerkleTree.isConsistent(from: 20, Self.allRoots[20], to: 33, root, path: path))
        }
    }

    @Test func whatThereIsNotHasNoProof() {
        for (index, size) in [(0, 0), (-1, 5), (5, 5), (.max, 5), (.min, 5), (0, -1)] as [(Int64, Int64)] {
            #expect(MerkleTree.inclusion(of: index, in: size).isEmpty)
        }
        for (old, size) in [(0, 5), (5, 5), (6, 5), (-1, 5), (.max, .max), (.min, .max)] as [(Int64, Int64)] {
            #expect(MerkleTree.consistency(from: old, to: size).isEmpty)
        }
        // The largest numbers that anybody can write do not trap.
        #expect(MerkleTree.inclusion(of: .max - 1, in: .max).count == 62)
        #expect(MerkleTree.inclusion(of: 0, in: .max).count == 63)
        #expect(!MerkleTree.consistency(from: .max - 1, to: .max).isEmpty)
    }
}

@Suite struct MessageAuthenticationTests {
    /// RFC 4231, test cases 1, 2 and 6.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ]) func published(key: [UInt8], text: String, expected: String) {
        #expect(MessageAuthentication(key: key).code(of: text).description == expected)
    }
}
