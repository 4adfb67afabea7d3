import RopewalkMethods
import Testing

@testable import RopewalkLens

@Suite struct PageSceneTests {
    /// What forks write is theirs, what was there is shared, and all of it is what the sequences say they have.
    @Test(arguments: [1, 4, 7]) func forksShareWhatWasThere(blockSize: Int) throws {
        var scene = PageScene(length: 30, forks: [20, 9, 20], appended: 5)
        scene.blockSize = blockSize
        #expect(scene.forks == [9, 20, 20] && scene.lengths == [30, 14, 25, 25])
        let cache = try scene.cache()
        #expect(cache.sequences.map(\.name) == ["A", "B", "C", "D"] && cache.sequences.map(\.length) == scene.lengths)
        for (place, fork) in scene.forks.enumerated() {
            let name = PageScene.name(place + 1)
            for token in 0..<fork { #expect(cache.state(name, token: token) == cache.state("A", token: token)) }
            for token in fork..<fork + 5 where token < 30 {
                #expect(cache.state(name, token: token) != cache.state("A", token: token))
            }
        }
        // 30 states of the text and five of each fork; what is copied is there twice.
        let copied = cache.events.reduce(0) { count, event in
            if case .copied = event { count + 1 } else { count }
        }
        #expect(copied == scene.forks.count { $0 % blockSize > 0 })
        #expect(cache.use.states == 45 + scene.forks.reduce(0) { $0 + $1 % blockSize })
        #expect(cache.pool.used < scene.separateBlocks)
    }

    /// While the text is read, what nobody reads any more makes room: the pool is never larger than what lives.
    @Test(arguments: [4, 16]) func whatIsGoneMakesRoom(blockSize: Int) throws {
        let mask = try Mask(windows: [SlidingWindow(size: 10)], tokens: 200, isCausal: true)
        let lifetimes = KeyLifetimes(mask)
        var scene = PageScene(length: 200)
        scene.blockSize = blockSize
        // Ten live tokens lie in at most so many blocks, and one is filled before another comes free.
        scene.blocks = 10 / blockSize + 3
        let cache = try scene.cache(lifetimes)
        let gone = lifetimes.gone(at: 199)
        let blocks = (0..<(200 + blockSize - 1) / blockSize).count {
            gone.count(in: $0 * blockSize..<min(200, ($0 + 1) * blockSize)) < blockSize
        }
        #expect(cache.pool.used == blocks && cache.use.states == 10)
        scene.blocks = 1
        #expect(throws: PageError.full(blocks: 1, size: blockSize)) { try scene.cache(lifetimes) }
    }

    @Test func scenesWithoutAnythingAreEmpty() throws {
        let cache = try PageScene(length: -3, forks: [9, -1], appended: -2).cache()
        #expect(cache.pool.used == 0 && cache.use.share == 0)
        #expect(throws: PageError.self) {
            var scene = PageScene(length: 1)
            scene.blocks = PagePool.slotLimit
            _ = try scene.cache()
        }
    }
}
