import Foundation
import RopewalkExport
import RopewalkMethods
import RopewalkPhrases

/// The mask that a command is about, in all its heads, and what it is compared with.
struct MaskSubject {
    let heads: HeadMasks
    let loader: MaskLoader
    /// The files that were read.
    let files: [String]
    private let other: Mask?
    private let block: Int?

    init(_ command: MaskCommand) throws {
        if let folder = RecordedMask.folder(command) {
            try self.init(RecordedMask(folder, command), command)
        } else {
            try self.init(methodsOf: command)
        }
    }

    private init(methodsOf command: MaskCommand) throws {
        let loader = try command.files.loader()
        let methods = try command.allSpecs.map { try MethodSpec.parse($0, loader: loader) }
        let others = try command.diff.map { [try MethodSpec.parse($0, loader: loader)] } ?? []
        let (own, theirs) = (Self.files(methods), Self.files(others))
        files = (methods + others).flatMap { ($0 as? any WindowMethod)?.maskFiles ?? [] }.map { MaskFile.file(of: $0) }
        let (tokens, otherTokens) = try Self.sizes(own.first?.stack, theirs.first?.stack, command)
        let queries = own.isEmpty ? theirs.first?.stack.queries : nil
        let mask = try Mask(methods: methods, tokens: tokens, queries: command.tokens == nil ? queries : nil)
        try Self.requirePlaces(of: methods + others, command, files: own + theirs)
        heads = try HeadMasks(mask, command.heads.places(own + theirs), isModel: command.heads.of != nil)
        other =
            try others.isEmpty
            ? nil
            : Mask(
                methods: others, tokens: otherTokens,
                queries: theirs.isEmpty && otherTokens == tokens ? mask.queries : nil)
        self.loader = loader
        block = command.block ?? (own + theirs).lazy.compactMap(\.stack.block).first
        try Self.report((own + theirs), command.heads.modelSize())
    }

    /// The masks of a recorded run.
    private init(_ recorded: RecordedMask, _ command: MaskCommand) throws {
        let loader = try command.files.loader()
        let others = try command.diff.map { [try MethodSpec.parse($0, loader: loader)] } ?? []
        let theirs = Self.files(others)
        heads = recorded.heads
        other = try others.isEmpty ? nil : recorded.other(others)
        files =
            [recorded.folder]
            + others.flatMap { ($0 as? any WindowMethod)?.maskFiles ?? [] }.map { MaskFile.file(of: $0) }
        self.loader = loader
        block = command.block ?? theirs.lazy.compactMap(\.stack.block).first
        try Self.report(theirs, (heads.heads[0].place.layers, heads.heads[0].place.heads))
    }

    /// The tokens of both masks: where blocks are compared, a file may have a place for every one of them.
    private static func sizes(
        _ own: MaskStack?, _ theirs: MaskStack?, _ command: MaskCommand
    ) throws(CommandError) -> (own: Int, theirs: Int) {
        let tokens = command.tokens ?? (own ?? theirs)?.keys ?? 64
        guard let block = command.block, command.diff != nil else {
            return (tokens, theirs.map { min(command.tokens ?? .max, $0.keys) } ?? tokens)
        }
        let isAlone = (own == nil) != (theirs == nil)
        if isAlone, command.tokens == nil, let file = own ?? theirs, file.keys <= block {
            throw .combination(
                say(
                    """
                    the file has \(file.sizeText), fewer than a block of \(block.grouped): where it has a place a block, give the \
                    tokens of the text with --tokens
                    """))
        }
        let blocks = (tokens + block - 1) / block
        func size(_ file: MaskStack?) -> Int {
            guard let file else { return tokens }
            return command.tokens != nil && file.keys == blocks ? blocks : min(command.tokens ?? .max, file.keys)
        }
        return (size(own), size(theirs))
    }

    /// What holds in layers, heads or items that are not there would hold nowhere, and a claim of them always.
    private static func requirePlaces(of methods: [any Method], _ command: MaskCommand, files: [FileWindow]) throws {
        let counts = try command.heads.counts(files)
        let advice = command.heads.of == nil ? say(", or give the size of a model with --of 12x8") : ""
        for claim in command.expect ?? [] { try claim.requirePlaces(in: counts, advice: advice) }
        // Without a model or several masks in a file, a method is shown as it is in its own layers and heads.
        guard command.heads.of != nil || counts != HeadCounts(layers: 1, heads: 1) else { return }
        for scope in methods.flatMap({ ($0 as? any WindowMethod)?.scopes ?? [] }) {
            if let problem = counts.problem(with: scope, advice: advice) { throw problem }
        }
    }

    private static func files(_ methods: [any Method]) -> [FileWindow] {
        methods.flatMap { ($0 as? any WindowMethod)?.fileWindows ?? [] }
    }

    /// What was guessed, on standard error: it is no data.
    private static func report(_ files: [FileWindow], _ size: (layers: Int, heads: Int)?) throws {
        var said: Set<String> = []
        for file in files where said.insert(file.path).inserted {
            let text = file.readingText(layers: size?.layers, heads: size?.heads, otherwise: .options)
            if let text { StandardError.write(text) }
        }
    }

    func pair() throws -> MaskPair {
        guard let other else { throw CommandError.combination(say("--diff names no mask")) }
        return MaskPair(mask: heads, other: try HeadMasks(other, heads.places, isModel: heads.isModel), block: block)
    }
}

/// Two masks in the same heads.
struct MaskPair {
    let mask: HeadMasks
    let other: HeadMasks
    /// The side of blocks that are compared in place of pairs.
    let block: Int?

    var names: (String, String) { (mask.mask.spec, other.mask.spec) }

    func difference(_ a: Mask, _ b: Mask) throws -> MaskDiff {
        guard let block else {
            try requireSameSize(a, b)
            let effort = MaskEffort(a, against: b)
            effort.announce()
            defer { effort.finish() }
            return try MaskDiff(a, b, progress: effort.progress(say("comparing")))
        }
        func blocks(_ mask: Mask, _ count: Int) -> BlockRows? {
            mask.tokens == count ? nil : BlockRows(mask, side: block)
        }
        let count = (max(a.tokens, b.tokens) + block - 1) / block
        let (left, right) = (blocks(a, count) ?? BlockRows(a, side: 1), blocks(b, count) ?? BlockRows(b, side: 1))
        return try MaskDiff(left, right)
    }

    /// A mask that has a place for every block of the other one is said to be what it is.
    private func requireSameSize(_ a: Mask, _ b: Mask) throws {
        guard a.tokens != b.tokens else { return }
        let (large, small) = a.tokens > b.tokens ? (a, b) : (b, a)
        guard let side = MaskStack.blockSide(blocks: small.tokens, tokens: large.tokens), large.isSquare, small.isSquare
        else { throw MethodError.tokensDiffer(a.tokens, b.tokens) }
        let isSame = try MaskDiff(BlockRows(large, side: side), small).isEmpty
        throw CommandError.combination(
            say(
                """
                the masks span \(a.tokens.grouped) and \(b.tokens.grouped) tokens: \(small.spec) looks like a BlockMask's \
                to_dense(), a place a block of \(side); compared as blocks they \(isSame ? say("are the same") : say("differ")): \
                add --block \(side)
                """))
    }
}
