/// How the key/value cache holds keys and values other than exactly.
///
/// Every query is a step of decoding: it reads what was cached before it, in part compressed, and its own key and value
/// exactly.
package protocol CompressionMethod: Method {
    /// The first key that is exact with so many tokens in the cache; those before are read as `compressedKeys` gives them.
    func firstExactKey(cached: Int) -> Int
    /// The first value that is exact, likewise.
    func firstExactValue(cached: Int) -> Int
    /// Keys of one head as the cache gives them back; those that no step compresses stay. [token, dimension]
    ///
    /// What a key becomes does not depend on the step that compresses it.
    func compressedKeys(_ keys: [Float], dimension: Int) -> [Float]
    /// Values likewise. [token, dimension]
    func compressedValues(_ values: [Float], dimension: Int) -> [Float]
    /// The same of keys that begin at token `first`, one that `firstExactKey` gave. [token − first, dimension]
    func compressedKeys(_ keys: [Float], from first: Int, dimension: Int) -> [Float]
    /// Values likewise, from one that `firstExactValue` gave. [token − first, dimension]
    func compressedValues(_ values: [Float], from first: Int, dimension: Int) -> [Float]
    /// Bytes of the keys and values of one key/value head; exact numbers have `exactBytes` each.
    func cacheBytes(tokens: Int, dimension: Int, exactBytes: Double) -> Double
}

extension CompressionMethod {
    package func compressedKeys(_ keys: [Float], from first: Int, dimension: Int) -> [Float] {
        compressedKeys(keys, dimension: dimension)
    }

    package func compressedValues(_ values: [Float], from first: Int, dimension: Int) -> [Float] {
        compressedValues(values, dimension: dimension)
    }
}
