import RopewalkKernels

extension Model {
    /// What one head's output becomes by the layer's output projection, without the bias that all heads share; nil where the
    /// model has no such head. [hidden]
    /// - Parameter output: what the head gives. [dimension]
    package func projected(_ output: [Float], layer: Int, head: Int, of kind: AttentionKind, threads: Int) -> [Float]? {
        projected([output], layer: layer, head: head, of: kind, threads: threads)?.first
    }

    /// The same of several outputs, made together. [output][hidden]
    package func projected(
        _ outputs: [[Float]], layer: Int, head: Int, of kind: AttentionKind, threads: Int
    ) -> [[Float]]? {
        let shape = traits.shape(kind)
        guard let attention = attention(layer, of: kind), (0..<shape.heads).contains(head),
            outputs.allSatisfy({ $0.count == shape.headDimension })
        else { return nil }
        let workers = Workers(count: threads)
        // The last row is what all heads share.
        let context = Matrix(rows: outputs.count + 1, columns: shape.heads * shape.headDimension)
        for row in 0...outputs.count {
            var alone = [Float](repeating: 0, count: context.columns)
            if row < outputs.count {
                alone.replaceSubrange(
                    head * shape.headDimension..<(head + 1) * shape.headDimension, with: outputs[row])
            }
            context.setRow(row, to: alone[...])
        }
        let narrowed = attention.narrowed(context, rows: context.rows, shape: shape)
        let result = Matrix(rows: context.rows, columns: attention.output.outputs)
        attention.output.apply(to: narrowed, rows: context.rows, output: result, workers: workers)
        let shared = result.copy(rows: outputs.count..<outputs.count + 1)
        return outputs.indices.map { row in zip(result.copy(rows: row..<row + 1), shared).map { $0 - $1 } }
    }

    private func attention(_ layer: Int, of kind: AttentionKind) -> AttentionLayer? {
        let blocks = (kind == .encoder ? architecture.encoder : architecture.decoder)?.blocks ?? []
        guard blocks.indices.contains(layer) else { return nil }
        return kind == .cross ? blocks[layer].cross?.attention : blocks[layer].mixer.attention
    }
}
