import RopewalkKernels

extension Model {
    /// What one head's output becomes by the layer's output projection, without the bias that all heads share; nil where the
    /// model has no such head. [hidden]
    /// - Parameter output: what the head gives. [dimension]
    package func projected(_ output: [Float], layer: Int, head: Int, of kind: AttentionKind, threads: Int) -> [Float]? {
        let shape = traits.shape(kind)
        guard let attention = attention(layer, of: kind), (0..<shape.heads).contains(head),
            output.count == shape.headDimension
        else { return nil }
        let workers = Workers(count: threads)
        func result(_ given: [Float]) -> [Float] {
            let context = Matrix(rows: 1, columns: given.count)
            context.setRow(0, to: given[...])
            let narrowed = attention.latent?.narrowed(context, rows: 1, shape: shape) ?? context
            let result = Matrix(rows: 1, columns: attention.output.outputs)
            attention.output.apply(to: narrowed, rows: 1, output: result, workers: workers)
            return result.copy(rows: 0..<1)
        }
        let nothing = [Float](repeating: 0, count: shape.heads * shape.headDimension)
        var alone = nothing
        alone.replaceSubrange(head * shape.headDimension..<(head + 1) * shape.headDimension, with: output)
        return zip(result(alone), result(nothing)).map { $0 - $1 }
    }

    private func attention(_ layer: Int, of kind: AttentionKind) -> AttentionLayer? {
        let blocks = (kind == .encoder ? architecture.encoder : architecture.decoder)?.blocks ?? []
        guard blocks.indices.contains(layer) else { return nil }
        return kind == .cross ? blocks[layer].cross?.attention : blocks[layer].mixer.attention
    }
}
