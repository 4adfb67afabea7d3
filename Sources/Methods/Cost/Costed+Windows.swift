extension Full: Costed {}
extension Causal: Costed {}
extension DynamicHeads: Costed {}

extension SlidingWindow: Costed {
    public func keysCached(tokens: Int, in place: HeadPlace) -> Int { min(tokens, size) }
}

extension LambdaWindow: Costed {
    public func keysCached(tokens: Int, in place: HeadPlace) -> Int { min(tokens, sink + window) }
}
