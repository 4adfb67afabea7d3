/// Two operations a dimension for each product of the query with what stands for a block.
private func products(_ count: Int, _ dimension: Int) -> Double { 2 * Double(count) * Double(dimension) }

extension Quest: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        guard place.layer >= denseLayers else { return query + 1 }
        let pages = min(query / page + 1, keepsLastPage ? budget / page : max(3, budget / page))
        return min(query + 1, keepsLastPage ? (pages - 1) * page + query % page + 1 : pages * page)
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        place.layer >= denseLayers ? products(query / page + 1, dimension) : 0
    }
}

extension MoBA: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        guard place.layer < place.layers - denseLayers else { return query + 1 }
        return query % block + 1 + block * min(topk - 1, query / block)
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        place.layer < place.layers - denseLayers ? products(query / block, dimension) : 0
    }
}

extension InfLLM: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        let fixed = KeyRanges.sinksAndWindow(sink: first, window: local, query: query, tokens: tokens).count
        return fixed + remainder(query: query).count + block * min(topk, blockCount(query: query))
    }
    /// A representative score a token, and the blocks.
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        products(1 + blockCount(query: query), dimension)
    }
}

extension Landmark: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        min(query % stride + 1, block) + block * min(topk, query / stride)
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        products(query / stride, dimension)
    }
}

extension NSA: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        min(query + 1, block * blocks + window)
    }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        products(compressedCount(query: query), dimension)
    }
}

extension LongHeads: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int {
        query % chunk + 1 + chunk * min(budget / chunk - (readsLess(query) ? 2 : 1), query / chunk)
    }
    /// Reading its chunk in both directions, for the summary, and the summaries.
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double {
        products(2 * chunk + query / chunk, dimension)
    }
}

extension KIVI: Costed {
    package func keysRead(query: Int, tokens: Int, in place: HeadPlace) -> Int { query + 1 }
    package func choiceFlops(query: Int, in place: HeadPlace, dimension: Int) -> Double { 2 * Double(dimension) }
    package func cost(of shape: AttentionShape) -> MethodCost {
        let head = cacheBytes(tokens: shape.tokens, dimension: shape.dimension, exactBytes: 4)
        return MethodCost(flops: flops(of: shape), kvBytes: head * Double(shape.layers * shape.keyHeads))
    }
}
