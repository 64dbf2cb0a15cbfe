// The other end of a connection, spoken by Go's crypto/tls. Commands and answers are in spoken.py beside it.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const patience = 15 * time.Second

var versions = map[string]uint16{"TLSv1": tls.VersionTLS10, "TLSv1.1": tls.VersionTLS11, "TLSv1.2": tls.VersionTLS12, "TLSv1.3": tls.VersionTLS13}
var groups = map[string]tls.CurveID{"X25519": tls.X25519, "P-256": tls.CurveP256, "P-384": tls.CurveP384, "P-521": tls.CurveP521}
var trusted = x509.NewCertPool()

func main() {
	pem, err := os.ReadFile(os.Args[1])
	if err != nil || !trusted.AppendCertsFromPEM(pem) {
		fmt.Println("no trusted certificates", err)
		os.Exit(1)
	}
	fmt.Println("ready", runtime.Version())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		version, err := obey(words)
		if err != nil {
			fmt.Println("failed", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("done", version)
		}
	}
}

func obey(words []string) (string, error) {
	options := map[string]string{}
	for len(words) > 0 && strings.Contains(words[len(words)-1], "=") {
		name, value, _ := strings.Cut(words[len(words)-1], "=")
		options[name] = value
		words = words[:len(words)-1]
	}
	if len(words) == 4 && words[0] == "serve" {
		return serve(words[1], words[2], words[3] == "1", options)
	}
	if len(words) == 5 && words[0] == "connect" {
		size, err := strconv.Atoi(words[4])
		if err != nil {
			return "", err
		}
		return connect(words[1], words[2], words[3], size, options)
	}
	return "", errors.New("no such command")
}

// tls.VersionName came with Go 1.21.
func nameOf(version uint16) string {
	for name, number := range versions {
		if number == version {
			return name
		}
	}
	return "unknown"
}

// What both ends have in common.
func configuration(version, certificate string, options map[string]string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: versions[version], MaxVersion: versions[version], RootCAs: trusted, ClientCAs: trusted, ServerName: "localhost"}
	if certificate != "-" {
		pair, err := tls.LoadX509KeyPair(certificate, certificate)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if names := options["alpn"]; names != "" {
		config.NextProtos = strings.Split(names, ",")
	}
	if name := options["group"]; name != "" {
		config.CurvePreferences = []tls.CurveID{groups[name]}
	}
	return config, nil
}

func count(options map[string]string) int {
	number, err := strconv.Atoi(options["count"])
	if err != nil {
		return 1
	}
	return number
}

func serve(version, certificate string, wants bool, options map[string]string) (string, error) {
	config, err := configuration(version, certificate, options)
	if err != nil {
		return "", err
	}
	if wants {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	if file := options["chosen"]; file != "" {
		chosen, err := tls.LoadX509KeyPair(file, file)
		if err != nil {
			return "", err
		}
		first := config.Certificates[0]
		config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName == "localhost" {
				return &chosen, nil
			}
			return &first, nil
		}
		config.Certificates = nil
	}
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return "", err
	}
	defer listener.Close()
	listener.SetDeadline(time.Now().Add(patience))
	fmt.Println("port", listener.Addr().(*net.TCPAddr).Port)
	spoken := ""
	for number := 0; number < count(options); number++ {
		plain, err := listener.Accept()
		if err != nil {
			return "", err
		}
		spoken, err = echo(tls.Server(plain, config), options)
		if err != nil {
			return "", err
		}
	}
	return spoken, nil
}

// Sends back what comes until the client closes, or until as many bytes came as the option says.
func echo(connection *tls.Conn, options map[string]string) (string, error) {
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	var source io.Reader = connection
	if limit, err := strconv.ParseInt(options["close"], 10, 64); err == nil {
		source = io.LimitReader(connection, limit)
	}
	if _, err := io.Copy(struct{ io.Writer }{connection}, source); err != nil {
		return "", err
	}
	return nameOf(connection.ConnectionState().Version), nil
}

func connect(port, version, certificate string, size int, options map[string]string) (string, error) {
	config, err := configuration(version, certificate, options)
	if err != nil {
		return "", err
	}
	config.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	spoken := ""
	for number := 0; number < count(options); number++ {
		spoken, err = ask("127.0.0.1:"+port, config, size, options["close"] != "", number > 0)
		if err != nil {
			return "", err
		}
	}
	return spoken, nil
}

func ask(address string, config *tls.Config, size int, wait, resumed bool) (string, error) {
	connection, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", address, config)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	sent := bytes.Repeat([]byte("0123456789abcdefghijklmnopqrstu\n"), size/32+1)[:size]
	written := make(chan error, 1)
	go func() {
		_, err := connection.Write(sent)
		written <- err
	}()
	received := make([]byte, size)
	if _, err := io.ReadFull(connection, received); err != nil {
		return "", err
	}
	// Close sends no close_notify while a Write has not returned.
	if err := <-written; err != nil {
		return "", err
	}
	if !bytes.Equal(sent, received) {
		return "", errors.New("other bytes came back")
	}
	if wait {
		if _, err := connection.Read(received); err != io.EOF {
			return "", fmt.Errorf("in place of the end: %v", err)
		}
	}
	if connection.ConnectionState().DidResume != resumed {
		return "", errors.New("resumed: " + strconv.FormatBool(!resumed))
	}
	return nameOf(connection.ConnectionState().Version), nil
}
