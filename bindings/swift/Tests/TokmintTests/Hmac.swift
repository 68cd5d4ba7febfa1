import Foundation

// HMAC of RFC 2104 with SHA-1 and SHA-256 of FIPS 180-4, which Foundation lacks on Linux. The vectors that need it say
// what must come out.

func hmac(_ digest: (Data) -> Data, key: Data, _ message: Data) -> Data {
    precondition(key.count <= 64, "longer keys are hashed first, and no vector has one")
    let block = [UInt8](key) + [UInt8](repeating: 0, count: 64 - key.count)
    let inner = digest(Data(block.map { $0 ^ 0x36 }) + message)
    return digest(Data(block.map { $0 ^ 0x5c }) + inner)
}

func sha1(_ message: Data) -> Data {
    let start: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    return digest(message, start: start, rounds: 80) { state, words in
        for t in 16..<80 {
            words[t] = right(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 31)
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for t in 0..<80 {
            let next: UInt32 = right(a, 27) &+ sha1Mixed(t, b, c, d) &+ e &+ words[t]
            (a, b, c, d, e) = (next, a, right(b, 2), c, d)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
    }
}

private func sha1Mixed(_ t: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt32 {
    switch t / 20 {
    case 0: return ((b & c) | (~b & d)) &+ 0x5a82_7999
    case 1: return (b ^ c ^ d) &+ 0x6ed9_eba1
    case 2: return ((b & c) | (b & d) | (c & d)) &+ 0x8f1b_bcdc
    default: return (b ^ c ^ d) &+ 0xca62_c1d6
    }
}

func sha256(_ message: Data) -> Data {
    let start: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    return digest(message, start: start, rounds: 64) { state, words in
        for t in 16..<64 {
            let early: UInt32 = right(words[t - 15], 7) ^ right(words[t - 15], 18) ^ (words[t - 15] &>> 3)
            let late: UInt32 = right(words[t - 2], 17) ^ right(words[t - 2], 19) ^ (words[t - 2] &>> 10)
            words[t] = words[t - 16] &+ early &+ words[t - 7] &+ late
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for t in 0..<64 {
            let chosen: UInt32 = (e & f) ^ (~e & g)
            let turnedE: UInt32 = right(e, 6) ^ right(e, 11) ^ right(e, 25)
            let first: UInt32 = h &+ turnedE &+ chosen &+ sha256Constants[t] &+ words[t]
            let majority: UInt32 = (a & b) ^ (a & c) ^ (b & c)
            let turnedA: UInt32 = right(a, 2) ^ right(a, 13) ^ right(a, 22)
            (e, f, g, h) = (d &+ first, e, f, g)
            (a, b, c, d) = (first &+ turnedA &+ majority, a, b, c)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }
}

/// Pads the message, and hands it over in blocks of 16 big-endian words.
private func digest(
    _ message: Data,
    start: [UInt32],
    rounds: Int,
    _ compress: (_ state: inout [UInt32], _ words: inout [UInt32]) -> Void
) -> Data {
    var padded = [UInt8](message)
    padded.append(0x80)
    padded.append(contentsOf: [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64))
    padded.append(contentsOf: bigEndian(UInt64(message.count) * 8))
    var state = start
    var words = [UInt32](repeating: 0, count: rounds)
    for block in stride(from: 0, to: padded.count, by: 64) {
        for t in 0..<16 {
            let byte = block + 4 * t
            let high: UInt32 = UInt32(padded[byte]) &<< 24 | UInt32(padded[byte + 1]) &<< 16
            let low: UInt32 = UInt32(padded[byte + 2]) &<< 8 | UInt32(padded[byte + 3])
            words[t] = high | low
        }
        compress(&state, &words)
    }
    return Data(state.flatMap { bigEndian($0) })
}

private func bigEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    withUnsafeBytes(of: word.bigEndian) { [UInt8]($0) }
}

private func right(_ word: UInt32, _ count: UInt32) -> UInt32 {
    (word &>> count) | (word &<< (32 - count))
}

private let sha256Constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
