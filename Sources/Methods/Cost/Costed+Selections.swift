/// Two operations a dimension for each product that the choice takes.
private func products(_ count: Int, _ dimension: Int) -> Double { 2 * Double(count) * Double(dimension) }

extension TopK: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        min(query + 1, fixedKeys(query: query, tokens: tokens).count + k)
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        products(max(0, query + 1 - window - sink), dimension)
    }
}

extension FocusedTransformer: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        min(query + 1, window + (hasMemory(place) ? k : 0))
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        hasMemory(place) && k > 0 ? products(max(0, query + 1 - window), dimension) : 0
    }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int {
        hasMemory(place) ? tokens : min(tokens, window)
    }
}

extension MemorizingTransformer: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        min(query + 1, window + (hasMemory(place) ? min(k, memory) : 0))
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        hasMemory(place) && k > 0 ? products(min(memory, max(0, query + 1 - window)), dimension) : 0
    }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int {
        min(tokens, window + (hasMemory(place) ? memory : 0))
    }
}

extension LSHAttention: Costed {
    /// Chunks bound how many keys a query reads; nothing bounds how many share a bucket with it.
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        chunk == 0 ? query + 1 : min(query + 1, window + min(tokens, rounds * (before + 1) * chunk))
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        products(rounds * (buckets + (factor > 1 ? factor : 0)), dimension)
    }
}

extension Unlimiformer: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int { min(query + 1, k) }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        place.layer < firstLayer || k == 1 ? 0 : products(query, dimension)
    }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int {
        place.layer < firstLayer ? min(tokens, k) : tokens
    }
}

extension RETRO: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        min(query + 1, window + crossKeys(query: query))
    }
    /// A search a chunk, spread over its tokens.
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        products(query / chunk, dimension) / Double(chunk)
    }
}

extension HeavyHitters: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int { min(query + 1, heavy + recent + 1) }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int { min(tokens, heavy + recent) }
}

extension TOVA: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int { min(query + 1, capacity + 1) }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int { min(tokens, capacity) }
}

extension Scissorhands: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        query < buffer ? query + 1 : cached(before: query) + 1
    }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int { cached(before: tokens) }

    /// A full buffer loses `drop` keys, and fills again.
    private func cached(before query: Int) -> Int {
        query < buffer ? query : buffer - drop + (query - buffer) % drop
    }
}

extension SnapKV: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        query < prompt || prompt < capacity ? query + 1 : capacity + query + 1 - prompt
    }
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int {
        tokens < prompt || prompt < capacity ? tokens : capacity + tokens - prompt
    }
}

extension PQCache: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        query < prompt ? query + 1 : min(query + 1, sink + 2 * selectedCount + 1)
    }
    /// The table of centroids and its look-ups; k-means once, at the end of the prompt.
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        guard query >= prompt else { return 0 }
        let centroids = 1 << bits
        let training = query == prompt ? products((prompt - sink) * centroids, dimension) * Double(rounds) : 0
        return training + products(centroids, dimension) + Double(query * parts)
    }
}

extension LazyLLM: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        var count = query + 1
        for layer in 0..<place.layer { count = max(1, count - Self.removed(of: count, keep: ratio(afterLayer: layer))) }
        return count
    }
}
