import RopewalkFormats
import RopewalkPhrases

/// A mask in a NumPy array.
struct NPYReader {
    private let path: String
    private let header: NumPyArrayHeader
    private let source: any ByteSource

    init(_ source: any ByteSource, path: String) throws(ExportError) {
        self.source = source
        self.path = path
        do throws(NumPyArrayHeader.Problem) { header = try NumPyArrayHeader(source) } catch {
            throw .mask(file: path, problem: error.text)
        }
    }

    func array() throws(ExportError) -> MaskArray {
        guard let type = header.type else {
            throw .mask(file: path, problem: say("its type is a record, or missing: save a plain array"))
        }
        guard let element = MaskElement(numpy: type) else { throw .mask(file: path, problem: Self.refusal(type)) }
        let (isFortran, shape) = try order()
        var strides: [Int]?
        if isFortran {
            strides = []
            var step = 1
            for length in shape {
                strides?.append(step)
                let (product, overflow) = step.multipliedReportingOverflow(by: max(1, length))
                guard !overflow else { throw .mask(file: path, problem: say("the shape \(shape) is too large")) }
                step = product
            }
        }
        guard let part = SourcePart(source, start: header.dataStart, count: source.count - header.dataStart) else {
            throw .mask(file: path, problem: say("the data are missing"))
        }
        return try MaskArray(part, of: element, shape: shape, strides: strides, path: path)
    }

    private func order() throws(ExportError) -> (isFortran: Bool, shape: [Int]) {
        do throws(NumPyArrayHeader.Problem) { return (try header.isFortran(), try header.shape()) } catch {
            throw .mask(file: path, problem: error.text)
        }
    }

    private static func refusal(_ type: String) -> String {
        let shown = type.unicodeScalars.prefix(20).map { (" "..."~").contains($0) ? String($0) : "?" }.joined()
        if shown.hasSuffix("O") {
            return say(
                "an array of Python objects ('\(shown)'), which are pickled and not read: save it with dtype bool")
        }
        let kind = shown.drop { "<>|=".contains($0) }.first
        let name = kind == "c" ? say("complex numbers") : kind == "U" || kind == "S" ? say("text") : say("type")
        return say("an array of \(name) '\(shown)': booleans, integers or floats are wanted")
    }
}
