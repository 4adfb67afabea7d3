/// An answer that can become each of the files.
package protocol AnswerFormats {
    var text: String { get }
    var json: String { get }
    var csv: String { get }
    var npy: [UInt8] { get }
}

extension AnswerFormats {
    /// Its bytes in a format.
    package func bytes(_ format: TableFormat) -> [UInt8] {
        switch format {
        case .text: Array(text.utf8)
        case .json: Array(json.utf8)
        case .csv: Array(csv.utf8)
        case .npy: npy
        }
    }
}
