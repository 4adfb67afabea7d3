import Foundation
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkExport

/// How a file is taken, said behind its path.
@Suite struct ReadingMarksTests {
    private func path(_ name: String) -> String { Fixture.path("masks/reports/" + name) }

    @Test func marksSayWhatOptionsSay() throws {
        let cross = try MaskFile.read(path("r15_right_cross.npy@offset=cross"))
        #expect(cross.offset == .cross && cross.keys == 37)
        let layers = try MaskFile.read(path("r10_right_LQK.npy@axes=layers,queries,keys"))
        #expect(layers.axes == [.layers])
        let plain = try MaskFile.read(path("win.txt")).planes[0]
        let inverted = try MaskFile.read(path("win.txt@invert")).planes[0]
        #expect(plain.allowedCount + inverted.allowedCount == 64 * 64)
        let padding = try MaskFile.read(path("padding_2d.npy@as=padding"))
        #expect(padding.lengths.contains(2) && padding.keys == 64)
        let zero = try MaskFile.read(path("allzero_f32.npy@hidden-below=0.5")).planes[0]
        #expect(zero.allowedCount == 0)
        // Behind the name of an array, and several of them.
        let named = try MaskFile.read(
            path("r10_named.npz#full_attention@axes=batch,heads,queries,keys@offset=top-left"))
        #expect(named.offset == .at(0))
    }

    @Test func aPlaceABlockBecomesAMaskOfTokens() throws {
        let blocks = try MaskFile.read(path("r12_dense_of_blocks.npy@block=128"))
        #expect(blocks.block == 128 && blocks.keys == 512 && blocks.queries == 0..<512)
        let elements = try MaskFile.read(path("r12_elements.npz"))
        let own = try Mask(windows: [FileWindow(path: "", stack: elements)], tokens: 512, isCausal: false)
        let spread = try Mask(windows: [FileWindow(path: "", stack: blocks)], tokens: 512, isCausal: false)
        let (left, right) = (BlockRows(own, side: 128), BlockRows(spread, side: 128))
        #expect(try MaskDiff(left, right).isEmpty)
        let reason = FileWindow(path: "f", stack: blocks).reason(query: 500, key: 0, tokens: 512).sentence
        #expect(reason.contains("row 3, column 0, a block of 128"))
    }

    @Test(arguments: [
        ("win.txt@offset=sideways", "bottom-right"), ("win.txt@as=soup", "@as=soup: it takes mask, padding"),
        ("win.txt@block=1", "@block=1: it takes 2 to 1,048,576 tokens"), ("win.txt@block=x", "@block=x: it takes"),
        ("win.txt@hidden-below=inf", "@hidden-below=inf: it takes a number"),
        ("win.txt@axes=rows", "layers, batch, heads, queries and keys"),
        ("win.txt@foo=1", "@foo=1 behind a path"), ("win.txt@head=-1", "@head=-1 behind a path"),
        ("win.txt@invert=1", "@invert=1 behind a path"), ("win.txt@head=1@offset=0", "@head=1 behind a path"),
        ("win.txt@offset=0@offset=1", "@offset is given twice"), ("r07_right.npy@offset=57", "room for 0 to 56"),
        ("win.txt@block=1048576", "over 4,194,304 tokens, the limit"),
    ]) func whatCannotBeTakenSoIsAnError(text: String, said: String) {
        var error = "read"
        do throws(ExportError) { _ = try MaskFile.read(path(text)) } catch let failure { error = failure.description }
        #expect(error.contains(said), "\(error)")
    }

    @Test func otherMarksBelongToTheName() {
        #expect(MaskFile.split("a@b=c.npy").path == "a@b=c.npy")
        #expect(MaskFile.split("mask.npy@block").path == "mask.npy@block")
        #expect(MaskFile.split("mask.npy@invert=1").path == "mask.npy@invert=1")
        #expect(MaskFile.split("mask.npy@invert@offset=4").path == "mask.npy")
        #expect(MaskFile.file(of: "masks.npz#a@offset=cross") == "masks.npz")
    }

    @Test func aMaskOfBlocksBesideATextSaysWhatItLooksLike() throws {
        let stack = try MaskFile.read(path("r12_dense_of_blocks.npy"))
        let problem = FileWindow(path: "m.npy", stack: stack).problem(tokens: 500)
        #expect(
            problem
                == "m.npy: the mask spans 4 tokens, the text has 500: it looks like a BlockMask's to_dense(), a place a "
                + "block of 128: @block=128 behind the path takes it so")
        #expect(stack.blockAdvice(tokens: 7) == nil)
    }
}
