import RopewalkFormats
import Testing

struct PathPartsTests {
    @Test(arguments: [
        (".", ""), ("a", ""), ("é", ""), ("", ""), ("/", ""), ("a/", ""), ("a/b", "a"), ("a//b//", "a"), ("/a", "/"),
        ("./a", "."), ("/x/y/z.gguf", "/x/y"), ("/\u{301}x", "/"),
    ])
    func aFolderIsWhatStandsBeforeTheLastSlash(path: String, folder: String) {
        #expect(PathParts.folder(of: path) == folder)
    }
}
