import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// Says which rule or score allows or blocks the anchor.
    mutating func explain(key: Int?, _ reason: VisibilityReason?) {
        guard lens != nil, let key else {
            return refuse(unpreviewed ?? say("nothing is read yet: there is no pair to be explained"))
        }
        let pair = say("L\(focus.layer) H\(focus.head), query \(focus.cursor.grouped), key \(key.grouped)")
        guard let reason else {
            return refuse(attentionObstacle ?? "\(pair): \(unpreviewed ?? say("not read yet"))")
        }
        notice = Notice(
            reason.isVisible ? .information : .warning,
            say("\(pair) is \(reason.isVisible ? say("visible") : say("hidden")): \(reason.sentence)"))
    }

    /// Why what depends on earlier queries or layers cannot be shown yet; nil where it can.
    var unpreviewed: String? {
        if let lens, !lens.hasSlots {
            return say("Slots are made of the states of a run with them: the exact run shows it.")
        }
        if let lens, !lens.hasWholeModel {
            return say("What is left out changes the layers behind it: the exact run shows it.")
        }
        guard let lens, let name = scenario.stateSelection.map({ Swift.type(of: $0).description.title.said }),
            !lens.canPreview([focus.cursor])
        else { return nil }
        return
            say(
                "\(name) depends on all earlier queries: token \(focus.cursor.grouped) is shown when the exact run has read it."
            )
    }

    // MARK: Pages

    /// The answer to what the page asks now; nil while it is worked on.
    var maskStudy: MaskStudy? {
        guard let answer = masks.answer, answer.question == maskQuestion else { return nil }
        return answer.study
    }

    /// What the page on the screen asks; nil where it asks nothing or cannot.
    var maskQuestion: MaskQuestion? {
        guard layout.panels[.mask] != nil, ![.row, .kernel, .mixer, .hashing].contains(masks.page) else { return nil }
        if let own = masks.own { return ownQuestion(own).map { .own($0) } }
        guard let lens, tokenCount > 0 else { return nil }
        let subject: RunMaskQuestion.Subject
        switch masks.page {
        case .row, .kernel, .mixer, .hashing: return nil
        case .explain: subject = .explanation
        case .check: subject = .check(block: masks.block, masks.claims)
        case .compare:
            guard let comparison = masks.comparison else { return nil }
            subject = .comparison(comparison)
        case .reach:
            guard let key = reachKey else { return nil }
            subject = .reach(query: focus.cursor, key: key)
        }
        return .run(RunMaskQuestion(setup: lens.setup, layer: focus.layer, head: focus.head, subject: subject))
    }

    /// What to do for a page that has nothing to show.
    var maskAdvice: String? {
        switch masks.page {
        case .reach where masks.own != nil:
            say("Reach is of the text's mask, not of one by itself: M, no rule, Enter goes back.")
        case .compare where masks.comparison == nil:
            say("d asks for a method to compare this mask with; in the method menu, d compares with the entry.")
        case .reach where reachKey == nil: unpreviewed ?? say("There is no anchor yet: Enter sets one.")
        case .row, .check, .compare, .reach, .explain, .kernel, .mixer, .hashing: nil
        }
    }

    /// The key that the page about reach is about; nil while it is not known, and where there is none.
    private var reachKey: Int? {
        if case .token(let token) = focus.anchor { return token }
        return masks.reach.flatMap { $0.sight == sight ? $0.key : nil }
    }

    /// The key that is looked at has to be found out where the page is about it.
    private var nextReach: [Effect] {
        guard masks.page == .reach, layout.panels[.mask] != nil, lens != nil, case .strongest = focus.anchor,
            masks.reach?.sight != sight
        else { return [] }
        return [.find(.key(.reach))]
    }

    /// Work for the page on the screen, and for the files of masks.
    mutating func nextMaskWork() -> [Effect] {
        var effects = nextReach
        if let question = maskQuestion, question != masks.asked, question != masks.answer?.question {
            masks.asked = question
            effects.append(.masks(.study(question)))
        }
        let watched = [scenario, masks.comparison, masks.own].compactMap { $0 }.filter { !$0.maskFiles.isEmpty }
        if watched != masks.watched {
            masks.watched = watched
            effects.append(.masks(.watch(watched)))
        }
        return effects
    }

    private mutating func take(_ study: MaskStudy, of question: MaskQuestion) {
        if masks.asked == question { masks.asked = nil }
        guard maskQuestion == question else { return }
        masks.answer = MaskTools.Answer(question: question, study: study)
        masks.selected = min(masks.selected, max(0, study.places.count - 1))
    }

    /// Moves in the list of the page: of the cursor's, the queries that lose most.
    mutating func selectMaskLine(_ steps: Int) {
        if masks.page == .row {
            masks.worstQuery = min(max(0, masks.worstQuery + steps), SurveyQuestion.limit - 1)
        } else {
            masks.selected = min(max(0, masks.selected + steps), max(0, (maskStudy?.places.count ?? 0) - 1))
        }
    }

    /// Of a few stretches the last ones stay in sight.
    mutating func scrollStretches(_ steps: Int, of count: Int) {
        let first = masks.firstStretch(of: focus.cursor) + min(max(steps, -count), count)
        masks.stretches = MaskTools.Stretches(query: focus.cursor, first: min(max(0, first), max(0, count - 3)))
    }

    mutating func goToMaskLine() -> [Effect] {
        if masks.page == .row { return [.find(.worstQuery(masks.worstQuery))] }
        goToMaskPlace()
        return []
    }

    mutating func pickMaskLine(_ line: Int) -> [Effect] {
        if masks.page == .row {
            masks.worstQuery = min(line, SurveyQuestion.limit - 1)
        } else {
            masks.selected = line
        }
        return goToMaskLine()
    }

    private mutating func goToMaskPlace() {
        guard let places = maskStudy?.places, places.indices.contains(masks.selected) else { return }
        let place = places[masks.selected]
        if let own = masks.own { return explain(place, in: own) }
        if let head = place.head { choose(layer: head.layer, head: head.head) }
        if let query = place.query ?? place.key, query < tokenCount { moveCursor(to: query) }
        if let key = place.key, key < tokenCount { focus.anchor = .token(key) }
    }

    // MARK: Files

    /// What the work for masks reports.
    mutating func take(_ report: MaskReport) -> [Effect] {
        switch report {
        case .studied(let question, let study): take(study, of: question)
        case .read(let read, let use): take(read, for: use)
        case .readingFailed(let why, .reload):
            // Rows are read when they are asked for, and those that a file has lost are hidden.
            notice = Notice(
                .warning, say("the mask of before is kept, as far as its file still has it: \(why)"), isRefusal: true)
        case .readingFailed(let why, .scenario), .readingFailed(let why, .rule), .readingFailed(let why, .comparison):
            notice = Notice(.error, why)
        case .probed(let probe, let text): take(probe, of: text)
        case .listed(let files): return take(files: files)
        case .damaged(let why):
            notice = Notice(.error, say("\(why); rows that cannot be read are shown as hidden"))
        }
        return []
    }

    /// Takes methods that were read with their files.
    private mutating func take(_ read: Scenario, for use: MaskUse) {
        switch use {
        case .scenario: takeFiles(of: read)
        case .rule: takeRule(read)
        case .comparison: compare(with: read)
        case .reload(let file):
            if scenario.specs == read.specs { change(to: read) }
            if masks.comparison?.specs == read.specs { masks.comparison = bound(read) }
            if masks.own?.specs == read.specs { masks.own = read }
            notice = Notice(.information, say("\(file) has changed: read again"))
        }
    }

    /// Methods with files, about which something may have been guessed: it is said.
    mutating func takeFiles(of read: Scenario) {
        if let file = ownMask(in: read)?.file, problem(in: read) == nil {
            return refuse(
                say("\(file.path): its queries are no part of the text: M takes it, and looks at it by itself"))
        }
        change(to: read)
        let files = scenario.windows.flatMap(\.fileWindows)
        let guessed = files.compactMap { $0.readingText(layers: shape?.layers, heads: shape?.heads, otherwise: .marks) }
        if notice == nil, !guessed.isEmpty { notice = Notice(.information, guessed.joined(separator: "; ")) }
    }

    mutating func compare(with other: Scenario) {
        masks.comparison = bound(other)
        turn(to: .compare)
    }
}
