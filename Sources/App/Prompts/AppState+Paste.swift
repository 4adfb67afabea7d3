import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// A pasted text goes into the line that is being typed; anywhere else it is offered as a text to read, for it is no
    /// commands.
    mutating func paste(_ text: String) -> [Effect] {
        notice = nil
        // What has been typed of a key with several parts would take a later key for its end.
        (places.pending, places.count) = (nil, nil)
        switch overlay {
        case .prompt(var prompt):
            prompt.line.insert(Self.line(text, room: EditedLine.limit))
            return show(changed: prompt)
        case .menu(var menu) where menu.isFiltering:
            menu.setFilter(menu.filter + Self.line(text, room: 100 - menu.filter.count), isOpen: true)
            apply(menu)
        case .finder(var finder):
            var line = finder.line
            line.insert(Self.line(text, room: EditedLine.limit))
            finder.take(line)
            overlay = .finder(finder)
        case .menu, .models, .changes, .parts, .places, .sessions:
            notice = Notice(
                .information,
                say(
                    "\(text.utf8.count.grouped) bytes were pasted, and run as no keys: close this list to read them as a text"
                )
            )
        case .help, .pasted, nil: offer(text)
        }
        return []
    }

    /// The beginning of a text as one line: breaks and other controls are blanks.
    private static func line(_ text: String, room: Int) -> String {
        let scalars = text.unicodeScalars.prefix(max(0, room)).map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory == .control ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    // MARK: As a text

    private mutating func offer(_ text: String) {
        // Terminals send the key Enter for an end of a line.
        let bytes = Self.lineEnds(Array(text.utf8))
        guard bytes.contains(where: { $0 > UInt8(ascii: " ") }) else {
            notice = Notice(.information, say("\(text.utf8.count.grouped) bytes were pasted, all of them blank"))
            return
        }
        do throws(DocumentError) {
            overlay = .pasted(PastedText(text: try SourceText(bytes, name: "pasted text")))
        } catch {
            notice = Notice(.error, error.description)
        }
    }

    /// With a line feed for a carriage return, and for both together.
    private static func lineEnds(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isAfterReturn = false
        for byte in bytes {
            let isReturn = byte == UInt8(ascii: "\r")
            if !(isAfterReturn && byte == UInt8(ascii: "\n")) { result.append(isReturn ? UInt8(ascii: "\n") : byte) }
            isAfterReturn = isReturn
        }
        return result
    }

    mutating func readPasted() -> [Effect] {
        guard case .pasted(let pasted) = overlay else {
            refuse(say("no pasted text waits for an answer"))
            return []
        }
        overlay = nil
        return [.read(pasted.text)]
    }

    /// The same screen, methods and head before another text is read.
    func reread() -> AppState {
        var state = reopened()
        state.sources.from = 0
        state.scenario = scenario
        (state.focus.layer, state.focus.head, state.focus.hasChosenHead) = (
            focus.layer, focus.head, focus.hasChosenHead
        )
        if second?.usable != nil { state.second = SecondModel() }
        return state
    }
}

extension SecondModel {
    /// The model itself, admitted or not yet.
    var usable: Model? { model.value ?? candidate.value }
}

extension ProgramInputs {
    /// The same models, where they are there, for another text.
    func reading(_ text: SourceText, after state: AppState) -> ProgramInputs {
        var inputs = self
        inputs.loadText = { text }
        inputs.name = text.name
        (inputs.textFile, inputs.idsFile) = (nil, nil)
        inputs.others = []
        inputs.besideHasSameTokens = state.second?.hasSameTokens ?? false
        if let model = state.sources.model.value { inputs.loadModel = { model } }
        inputs.loadBeside = nil
        if let second = state.second?.usable { inputs.loadBeside = { second } }
        let before = state.sources.document.value
        // What was read before may have had its tokens from a file.
        inputs.tokenise = { source, model in
            guard let tokenizer = model.tokenizer else { throw AppError.noTokenizer(model: model.name) }
            return try before?.reading(source, with: tokenizer) ?? Document(text: source, tokenizer: tokenizer)
        }
        return inputs
    }
}
