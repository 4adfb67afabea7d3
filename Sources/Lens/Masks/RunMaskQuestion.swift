import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// What is asked about the whole mask of a head: its faults, how another mask differs, what can be reached through it.
package struct RunMaskQuestion: Equatable, Sendable {
    package enum Subject: Equatable, Sendable {
        case check(block: Int, MaskClaims)
        case comparison(Scenario)
        case reach(query: Int, key: Int)
        case explanation

        /// Whether the other heads see the same of it.
        fileprivate var isOfAllHeads: Bool {
            switch self {
            case .reach, .explanation: true
            case .check, .comparison: false
            }
        }
    }

    let setup: RunSetup
    let layer: Int
    let head: Int
    let subject: Subject

    package init(setup: RunSetup, layer: Int, head: Int, subject: Subject) {
        self.setup = setup
        self.layer = layer
        self.head = head
        self.subject = subject
    }

    /// Equal where everything is that decides the answer.
    package static func == (a: RunMaskQuestion, b: RunMaskQuestion) -> Bool {
        a.subject == b.subject && a.setup.scenario == b.setup.scenario && a.setup.kind == b.setup.kind
            && a.setup.keys == b.setup.keys && (a.subject.isOfAllHeads || a.layer == b.layer && a.head == b.head)
    }

    /// Takes some passes over all rows: seconds for a million tokens.
    package func study(loader: MaskLoader?) -> MaskStudy {
        do throws(MethodError) {
            guard setup.kind != .cross else {
                return .impossible(say("cross attention reads another text: its queries and keys are no square mask"))
            }
            switch subject {
            case .check(let block, let claims): return .check(try check(block: block, claims, loader))
            case .comparison(let other): return .comparison(try comparison(other))
            case .reach(let query, let key): return .reach(try reach(query: query, key: key))
            case .explanation: return .explanation(try explanation())
            }
        } catch {
            return .impossible(error.description)
        }
    }

    /// All heads are looked at; densities and blocks are those of the head on the screen.
    private func check(block: Int, _ claims: MaskClaims, _ loader: MaskLoader?) throws(MethodError) -> MaskCheck {
        let mask = try setup.mask(layer: layer, head: head)
        let heads = try HeadMaskGroups(setup)
        var remarks = [remark].compactMap { $0 }
        if let rows = fileQueries {
            remarks.append(
                say("of the file's rows, queries \(rows.lowerBound.grouped) to \((rows.upperBound - 1).grouped)"))
        }
        let faults: [MaskCheck.Fault]
        if let given = claims.given {
            let (found, audit) = try broken(given, heads, block: block, loader)
            faults = found
            remarks += audit.remarks
            if !setup.scenario.windows.isEmpty { remarks.append(Self.publishedRemark) }
        } else {
            faults = try self.faults(heads)
        }
        var check = MaskCheck(
            tokens: mask.tokens, findings: faults, density: mask.density,
            causalDensity: mask.causalDensity, block: block, tiles: try? MaskTiles(mask, side: block),
            groups: groups(heads), remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "))
        check.claims = claims.text
        if let rows = fileQueries { check.extent = say("\(rows.count.grouped) queries and \(setup.keys.grouped) keys") }
        check.readings = setup.scenario.windows.flatMap(\.fileWindows).compactMap {
            $0.readingText(layers: setup.layers, heads: setup.heads, otherwise: .marks)
        }
        return check
    }

    private static var publishedRemark: String {
        say("claims are asked of the mask as its files and methods have it, before the model hides later keys")
    }

    /// What is not as claimed: of the scenario's masks as published, as the command has them, else of the model's own.
    private func broken(
        _ claims: [MaskClaim], _ heads: HeadMaskGroups, block: Int, _ loader: MaskLoader?
    ) throws(MethodError) -> (faults: [MaskCheck.Fault], audit: MaskAudit) {
        let masks = try publishedMasks(heads)
        let items = (heads.groups.flatMap(\.places).map(\.item).max() ?? 0) + 1
        for claim in claims {
            try claim.requirePlaces(in: HeadCounts(items: items, layers: setup.layers, heads: setup.heads))
        }
        let audit = try MaskAudit(masks, claims, block: block, loader: loader)
        return (gathered(audit.findings.map { ($0.finding, $0.places) }, heads), audit)
    }

    private func explanation() throws(MethodError) -> [MaskExplained] {
        let heads = try HeadMaskGroups(setup)
        let masks = try publishedMasks(heads)
        return try masks.explanations().map {
            MaskExplained($1, of: masks.mask, heads: heads.name($0), place: $0.first)
        }
    }

    private func publishedMasks(_ heads: HeadMaskGroups) throws(MethodError) -> HeadMasks {
        let places = heads.groups.flatMap(\.places).sorted {
            ($0.item, $0.layer, $0.head) < ($1.item, $1.layer, $1.head)
        }
        guard setup.scenario.windows.isEmpty else {
            return try HeadMasks(Mask(methods: setup.scenario.windows, tokens: setup.keys), places, isModel: true)
        }
        var masks: [(place: HeadPlace, mask: Mask)] = []
        for place in places { masks.append((place, try setup.mask(layer: place.layer, head: place.head))) }
        return HeadMasks(try setup.mask(layer: layer, head: head), heads: masks, isModel: true)
    }

    /// What is wrong in some head; heads that have the same fault together.
    private func faults(_ heads: HeadMaskGroups) throws(MethodError) -> [MaskCheck.Fault] {
        var found: [(finding: Finding, places: [HeadPlace])] = []
        for group in heads.groups {
            found += try findings(asked(group), group.places[0]).map { ($0, group.places) }
        }
        // Who reads documents knows nothing of the others, as the command has it.
        let hasDocuments = heads.groups.flatMap(\.windows).contains { $0 is DocumentMask || !$0.fileWindows.isEmpty }
        let lost =
            fileQueries == nil
            ? MaskLint.unreachableTokens(try setup.layerMasks(), ownDocument: hasDocuments).map { MaskCheck.Fault($0) }
            : nil
        return gathered(found, heads) + (lost.map { [$0] } ?? [])
    }

    /// The queries of a file that has fewer than the text: only of these it says something.
    private var fileQueries: Range<Int>? {
        guard let stack = setup.scenario.windows.flatMap(\.fileWindows).first?.stack, stack.keys == setup.keys,
            stack.queries.count < setup.keys
        else { return nil }
        return stack.queries
    }

    private func asked(_ group: HeadMaskGroups.Group) throws(MethodError) -> Mask {
        try Mask(
            windows: group.windows, tokens: setup.keys, isCausal: setup.kind.isCausal, queries: fileQueries)
    }

    /// Heads that have the same finding together.
    private func gathered(
        _ found: [(finding: Finding, places: [HeadPlace])], _ heads: HeadMaskGroups
    ) -> [MaskCheck.Fault] {
        var order: [Finding] = []
        var places: [[HeadPlace]] = []
        for (finding, own) in found {
            if let index = order.firstIndex(of: finding) {
                places[index] += own
            } else {
                order.append(finding)
                places.append(own)
            }
        }
        return zip(order, places).map { finding, places in
            let isHere = places.contains { $0.item == 0 && $0.layer == layer && $0.head == head }
            return MaskCheck.Fault(finding, heads: heads.name(places), place: isHere ? nil : places.first)
        }
    }

    private func findings(_ mask: Mask, _ place: HeadPlace) throws(MethodError) -> [Finding] {
        var expectation = mask.expectation
        if !mask.isCausal { expectation.isCausal = false }
        let leaks = try MaskLint.leaks(before: mask, windows: setup.scenario.windows(in: place))
        return MaskLint.findings(in: mask, expecting: expectation) + (leaks.map { [$0] } ?? [])
    }

    /// What selections hide is not in a mask of places.
    private var remark: String? {
        let selection = setup.scenario.selection?.spec ?? setup.scenario.stateSelection?.spec
        return selection.map { say("\($0) chooses among these keys by what they hold; that is not counted here") }
    }

    /// Heads that see the same, in the order of their first one.
    private func groups(_ heads: HeadMaskGroups) -> [MaskCheck.Group] {
        heads.groups.map { group in
            let specs = group.windows.map(\.spec).joined(separator: say(" and "))
            let first = heads.groups.count > 1 ? ", " + heads.name(group.places) : ""
            let isShown = group.places.contains { $0.item == 0 && $0.layer == layer && $0.head == head }
            return MaskCheck.Group(
                title: (specs.isEmpty ? say("all that there is") : specs) + first, heads: group.places.count,
                isShown: isShown)
        }
    }

    private func comparison(_ other: Scenario) throws(MethodError) -> MaskComparison {
        if let problem = other.scopeProblem(layers: setup.layers, heads: setup.heads) { throw .unfit(problem) }
        let block = (setup.scenario.windows + other.windows).flatMap(\.fileWindows).lazy.compactMap(\.stack.block).first
        let rows = try comparedRows(with: other)
        let difference = try Self.difference(
            Self.mask(setup.mask(layer: layer, head: head), of: rows.own),
            Self.mask(setup.mask(layer: layer, head: head, scenario: other), of: rows.theirs), block)
        var comparison = MaskComparison(
            name: setup.scenario.line, other: other.line, difference: difference,
            head: "L\(layer) H\(head)", elsewhere: try differences(from: other, block, rows), block: block)
        comparison.later = try laterDifference(from: other, block, rows, beside: difference)
        return comparison
    }

    /// Queries that masks are compared in; nil for all of the text.
    private typealias Rows = (own: Range<Int>?, theirs: Range<Int>?)

    /// A file says something of its own rows only; a method beside it is asked about these.
    private func comparedRows(with other: Scenario) throws(MethodError) -> Rows {
        let (own, theirs) = (try rows(of: setup.scenario), try rows(of: other))
        return (own ?? theirs, theirs ?? own)
    }

    private func rows(of scenario: Scenario) throws(MethodError) -> Range<Int>? {
        guard let file = scenario.windows.flatMap(\.fileWindows).first else { return nil }
        let stack = file.stack
        guard stack.offset != .cross else {
            throw .unfit(
                say(
                    """
                    \(file.path): its queries are those of another text: M looks at it by itself, and d \
                    compares it there
                    """))
        }
        if stack.keys == setup.keys { return stack.queries }
        // Of a larger mask the leading part counts.
        guard stack.queries == 0..<stack.keys else {
            throw .unfit(
                say(
                    """
                    \(file.path) has \(stack.sizeText), the text \(setup.keys.grouped) tokens: compare masks of \
                    the same size
                    """)
            )
        }
        return 0..<setup.keys
    }

    private static func mask(_ mask: Mask, of queries: Range<Int>?) throws(MethodError) -> Mask {
        guard let queries else { return mask }
        return try Mask(windows: mask.windows, tokens: mask.tokens, isCausal: mask.isCausal, queries: queries)
    }

    /// How masks of the user's own differ before the model hides later keys; nil where that is the same difference.
    private func laterDifference(
        from other: Scenario, _ block: Int?, _ rows: Rows, beside shown: MaskDiff
    ) throws(MethodError) -> MaskDiff? {
        let place = HeadPlace(layer: layer, head: head, layers: setup.layers, heads: setup.heads)
        let (own, theirs) = (setup.scenario.windows(in: place), other.windows(in: place))
        let isOwn = (own + theirs).contains { $0 is ExpressionWindow || !$0.fileWindows.isEmpty }
        guard setup.kind.isCausal, isOwn, !own.isEmpty, !theirs.isEmpty else { return nil }
        let difference = try Self.difference(
            Mask(windows: own, tokens: setup.keys, isCausal: false, queries: rows.own),
            Mask(windows: theirs, tokens: setup.keys, isCausal: false, queries: rows.theirs), block)
        return difference.count == shown.count ? nil : difference
    }

    /// Where one of them has a place a block, a block of the other is visible if any of its pairs is.
    private static func difference(_ a: Mask, _ b: Mask, _ block: Int?) throws(MethodError) -> MaskDiff {
        guard let block else { return try MaskDiff(a, b) }
        return try MaskDiff(BlockRows(a, side: block), BlockRows(b, side: block))
    }

    /// How many pairs differ in the other heads, those that have the same two masks together.
    private func differences(
        from other: Scenario, _ block: Int?, _ rows: Rows
    ) throws(MethodError) -> [MaskComparison.Part] {
        let (heads, others) = (try HeadMaskGroups(setup), try HeadMaskGroups(setup, scenario: other))
        var parts: [MaskComparison.Part] = []
        for group in heads.groups {
            for theirs in others.groups {
                let known = Set(theirs.places)
                let common = group.places.filter { known.contains($0) && !($0.layer == layer && $0.head == head) }
                guard let first = common.first else { continue }
                let count = try Self.difference(
                    Self.mask(heads.mask(group), of: rows.own), Self.mask(others.mask(theirs), of: rows.theirs), block
                ).count
                if count > 0 {
                    parts.append(MaskComparison.Part(heads: heads.name(common), count: count, place: first))
                }
            }
        }
        return parts
    }

    /// Rows that the small table may look at.
    private static let tableRows = 20_000_000

    private func reach(query: Int, key: Int) throws(MethodError) -> MaskReach {
        let reachability = Reachability(try setup.layerMasks())
        let room = Self.tableRows / max(1, setup.layers * setup.keys)
        let count = min(setup.keys, max(2, min(16, room)))
        let tokens = (0..<count).map { count > 1 ? $0 * (setup.keys - 1) / (count - 1) : 0 }
        let columns = tokens.map { reachability.depths(from: $0) }
        return MaskReach(
            query: query, key: key, layers: setup.layers, path: reachability.path(from: key, to: query), tokens: tokens,
            depths: tokens.map { row in columns.map { $0[row] } })
    }
}
