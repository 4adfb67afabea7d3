import RopewalkKernels

/// The streams of a chunk of tokens beside the one that blocks run on.
final class AltUpRun {
    private let altUp: AltUp
    private let hidden: Int
    private let workers: Workers
    /// A matrix a stream. [token of the chunk, hidden]
    private let streams: [Matrix]
    private let predictions: [Matrix]
    private let normed: Matrix
    private let scratch: Matrix
    /// LAuReL's part of the block.
    private let residual: Matrix
    /// Of all blocks. [token, block · width]
    private let inputs: Matrix
    /// Of one block. [token, width]
    private let gate: Matrix
    private let kinds: Matrix
    private let predictionWeights: Matrix
    private let correctionWeights: Matrix

    init(_ altUp: AltUp, hidden: Int, layers: Int, rows: Int, workers: Workers) {
        self.altUp = altUp
        self.hidden = hidden
        self.workers = workers
        func matrix(_ columns: Int) -> Matrix { Matrix(rows: rows, columns: columns) }
        streams = (0..<altUp.streams).map { _ in matrix(hidden) }
        predictions = (0..<altUp.streams).map { _ in matrix(hidden) }
        normed = matrix(hidden)
        scratch = matrix(hidden)
        residual = matrix(hidden)
        inputs = matrix(layers * altUp.width)
        gate = matrix(altUp.width)
        kinds = matrix(altUp.streams)
        predictionWeights = matrix(altUp.streams * altUp.streams)
        correctionWeights = matrix(altUp.streams)
    }

    /// Makes all streams, and the inputs of all blocks, of the embedding of some tokens.
    func begin(_ embedded: Matrix, ids: ArraySlice<Int32>) {
        let count = ids.count
        streams[0].copyRows(of: embedded, count: count)
        for (stream, projection) in zip(streams.dropFirst(), altUp.projections) {
            projection.apply(to: embedded, rows: count, output: stream, workers: workers)
            match(stream, to: embedded, count: count)
        }
        altUp.projection.apply(to: embedded, rows: count, output: inputs, workers: workers)
        let (embeddingScale, half) = (Float(altUp.width).squareRoot(), Float(0.5).squareRoot())
        Elementwise.scale(inputs, by: 1 / Float(hidden).squareRoot(), rows: count)
        altUp.norm.applyToHeads(inputs, rows: count, workers: workers)
        for (row, id) in ids.enumerated() {
            let known = Int(id) < altUp.tokens.outputs ? Int(id) : 0
            let own = altUp.tokens.row(known)
            let made = inputs.copy(rows: row..<row + 1)
            inputs.setRow(row, to: zip(made, own).map { ($0 + $1 * embeddingScale) * half }[...])
        }
    }

    /// Guesses what a block makes of the streams; the active one is what it runs on.
    func predict(_ layer: AltUp.Layer, into stream: Matrix, count: Int) {
        weigh(layer, streams[altUp.active], count: count)
        layer.prediction.apply(to: kinds, rows: count, output: predictionWeights, workers: workers)
        let n = altUp.streams
        for (index, prediction) in predictions.enumerated() {
            prediction.copyRows(of: streams[index], count: count)
            for row in 0..<count {
                let weights = predictionWeights.copy(rows: row..<row + 1)
                for (other, source) in streams.enumerated() {
                    prediction.addRow(row, source, row: row, factor: weights[index * n + other])
                }
            }
        }
        stream.copyRows(of: predictions[altUp.active], count: count)
    }

    /// Keeps LAuReL's part of what attention reads.
    func keepResidual(_ layer: AltUp.Layer, of input: Matrix, count: Int) {
        let narrow = Matrix(rows: count, columns: layer.left.outputs)
        layer.left.apply(to: input, rows: count, output: narrow, workers: workers)
        layer.right.apply(to: narrow, rows: count, output: scratch, workers: workers)
        layer.residualNorm.apply(to: scratch, rows: count, into: residual, workers: workers)
        Elementwise.add(residual, input, rows: count, workers: workers)
    }

    /// stream = (stream + LAuReL's part) / √2.
    func addResidual(to stream: Matrix, count: Int) {
        Elementwise.add(stream, residual, rows: count, workers: workers)
        Elementwise.scale(stream, by: Float(0.5).squareRoot(), rows: count)
    }

    /// Corrects all guesses by what the block made, and adds the block's own input to all streams but the first.
    func correct(_ layer: AltUp.Layer, index: Int, by stream: Matrix, count: Int) {
        weigh(layer, stream, count: count)
        layer.correction.apply(to: kinds, rows: count, output: correctionWeights, workers: workers)
        scratch.copyRows(of: stream, count: count)
        let active = predictions[altUp.active]
        for row in 0..<count {
            scratch.addRow(row, active, row: row, factor: -1)
            let weights = correctionWeights.copy(rows: row..<row + 1)
            for (place, weight) in weights.enumerated() {
                predictions[place].addRow(row, scratch, row: row, factor: weight + 1)
            }
        }
        for (stream, prediction) in zip(streams, predictions) { stream.copyRows(of: prediction, count: count) }
        addInput(layer, index: index, count: count)
    }

    private func addInput(_ layer: AltUp.Layer, index: Int, count: Int) {
        scratch.copyRows(of: streams[altUp.active], count: count)
        if let scale = layer.outputScale {
            for row in 0..<count {
                scratch.setRow(row, to: zip(scratch.copy(rows: row..<row + 1), scale).map { $0 * $1 }[...])
            }
        }
        layer.gate.apply(to: scratch, rows: count, output: gate, workers: workers)
        Elementwise.apply(layer.activation, to: gate, rows: count, workers: workers)
        for row in 0..<count {
            let own = inputs.copy(rows: row..<row + 1)[index * altUp.width..<(index + 1) * altUp.width]
            gate.setRow(row, to: zip(gate.copy(rows: row..<row + 1), own).map { $0 * $1 }[...])
        }
        layer.projection.apply(to: gate, rows: count, output: scratch, workers: workers)
        layer.norm.apply(to: scratch, rows: count, into: normed, workers: workers)
        for stream in streams.dropFirst() { Elementwise.add(stream, normed, rows: count, workers: workers) }
    }

    /// The mean of all streams behind the last block, each brought back to the length of the first.
    func finish(into stream: Matrix, count: Int) {
        stream.copyRows(of: streams[0], count: count)
        for (source, matrix) in zip(streams.dropFirst(), altUp.returns) {
            matrix.apply(to: source, rows: count, output: scratch, workers: workers)
            match(scratch, to: streams[0], count: count)
            Elementwise.add(stream, scratch, rows: count, workers: workers)
        }
        Elementwise.scale(stream, by: 1 / Float(altUp.streams), rows: count)
    }

    /// The weights of the kinds of tokens: tanh(router · norm(x) / hidden).
    private func weigh(_ layer: AltUp.Layer, _ x: Matrix, count: Int) {
        layer.routerNorm.apply(to: x, rows: count, into: normed, workers: workers)
        Elementwise.scale(normed, by: 1 / Float(hidden), rows: count)
        layer.router.apply(to: normed, rows: count, output: kinds, workers: workers)
        kinds.applyTanh(rows: count)
    }

    /// Makes the rows of one matrix as long as those of another.
    private func match(_ x: Matrix, to y: Matrix, count: Int) {
        for row in 0..<count {
            x.scaleRow(row, by: y.meanSquare(row).squareRoot() / max(x.meanSquare(row), 1e-5).squareRoot())
        }
    }
}
