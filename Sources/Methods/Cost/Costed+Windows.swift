extension Full: Costed {}
extension Causal: Costed {}
extension DynamicHeads: Costed {}

extension SlidingWindow: Costed {
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int { min(tokens, size) }
}

extension LambdaWindow: Costed {
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int { min(tokens, sink + window) }
}

extension StreamingWindow: Costed {
    package func keysCached(tokens: Int, in place: HeadPlace) -> Int { min(tokens, lambda.sink + lambda.window) }
}
