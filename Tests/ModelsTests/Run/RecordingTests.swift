import RopewalkKernels
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// How large a recording is and how it grows.
struct RecordingTests {
    static func recording(_ tokens: Int, progress: (Recording) -> Bool = { _ in true }) throws -> Recording {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        return try Recorder(model: model, threads: 2).record(
            (0..<tokens).map { Int32($0 * 31 % 64) }, progress: progress)
    }

    /// Numbers of all arrays but the blocks of the map, and numbers of those.
    static func size(_ recording: Recording) -> (states: Int, blocks: Int) {
        var states = 0
        var blocks = 0
        for chunk in recording.chunks {
            states += chunk.lastHidden.count + chunk.negativeLogLikelihood.count
            for layer in chunk.layers {
                let attention = layer.attention
                states += layer.keys.map { $0.keys.count + $0.values.count } ?? 0
                states += layer.queries.count + (layer.input?.count ?? 0)
                for measure in [
                    attention.logSumExp, attention.entropy, attention.distance, attention.sink, attention.previous,
                    attention.induction, attention.threshold,
                ] {
                    states += measure.count
                }
                states += attention.topKey.count + attention.lastTie.count
                blocks += attention.pooledMass.count + attention.pooledMaximum.count
            }
        }
        return (states, blocks)
    }

    @Test func memoryIsLinearInTheTokens() throws {
        let sizes = try [1024, 2048, 4096].map { Self.size(try Self.recording($0)) }
        #expect(sizes[1].states == 2 * sizes[0].states && sizes[2].states == 4 * sizes[0].states)
        // Per token and layer: queries 40, keys 20, values 32 (16 a head), seven measures of four heads; once: 40 and 1.
        #expect(sizes[0].states == 1024 * (2 * (40 + 20 + 32 + 28) + 41))
    }

    @Test(arguments: [1, 16, 700, 8192]) func theMapHasAtMost512Blocks(tokens: Int) throws {
        let recording = try Self.recording(tokens)
        let blocks = (tokens + recording.poolBlock - 1) / recording.poolBlock
        #expect(blocks <= 512)
        // Two numbers for each block of four heads and two layers; a chunk has no blocks of later keys.
        #expect(Self.size(recording).blocks <= 2 * 4 * 2 * blocks * blocks)
        #expect(recording.poolBlock == 64 && Recorder.poolBlock(tokens: 32_769) == 128)
    }

    /// Tokens of a chunk: fewer where the model is so large that its first chunk would be long in coming.
    @Test func chunksOfLargeModelsAreSmaller() {
        let sizes = [4_000_000, 64 << 20, 135_000_000, 512 << 20, 1_000_000_000]
        #expect(sizes.map { Recorder.chunkSize(tokens: 8192, parameters: $0) } == [1024, 1024, 512, 512, 256])
        #expect(sizes.map { Recorder.chunkSize(tokens: 4096, parameters: $0) } == [512, 512, 512, 512, 256])
    }

    @Test func snapshotsGrowChunkByChunk() throws {
        var seen: [Int] = []
        let recording = try Self.recording(1300) { snapshot in
            seen.append(snapshot.tokens)
            #expect(snapshot.ids.count == 1300)
            return true
        }
        #expect(seen == [512, 1024, 1300] && recording.isComplete)
        let other = try Self.recording(1300)
        let (isItself, isOther) = (recording == recording, recording == other)
        #expect(isItself && !isOther)
        #expect(recording.chunks.map(\.tokens) == [0..<512, 512..<1024, 1024..<1300])
    }

    @Test func aRunEndsWithItsTask() async throws {
        let task = Task { () throws -> Recording in
            try Self.recording(1300) { snapshot in
                // In the middle of the first snapshot: the next layer is not computed.
                if snapshot.tokens == 512 { withUnsafeCurrentTask { $0?.cancel() } }
                return true
            }
        }
        await #expect(throws: ModelError.cancelled) { try await task.value }
    }

    @Test func statesAreThoseOfTheirTokens() throws {
        let recording = try Self.recording(700)
        for layer in 0..<2 {
            for token in [0, 255, 256, 511, 512, 699] {
                let (chunk, row) = try #require(recording.place(of: token))
                #expect(chunk.tokens.lowerBound + row == token)
                for head in 0..<2 {
                    let tiles = recording.keyTiles(layer: layer, keyValueHead: head, tokens: token..<token + 1)
                    #expect(tiles.map(\.index) == [token / tileSize])
                    #expect(recording.key(layer: layer, keyValueHead: head, token: token)?.count == 10)
                    #expect(recording.value(layer: layer, keyValueHead: head, token: token)?.count == 10)
                }
            }
            #expect(recording.keyTiles(layer: layer, keyValueHead: 0, tokens: 0..<5000).map(\.index) == [0, 1, 2])
            #expect(recording.keyTiles(layer: layer, keyValueHead: 0, tokens: 700..<5000).isEmpty)
        }
        #expect(recording.place(of: -1) == nil && recording.place(of: 700) == nil)
    }
}
